// oidc-provider as it comes, with its in-memory adapter and our kind of tokens: JWTs that ES256 signs, for one API.
// Runs as a process of its own, and says with which refresh tokens to begin.
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import { z } from 'zod';

const { PORT, REFRESH_TOKENS } = z
  .object({ PORT: z.coerce.number(), REFRESH_TOKENS: z.coerce.number() })
  .parse(process.env);
const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const resource = 'https://api.test/';
const scope = 'openid offline_access';

const provider = new Provider(`http://127.0.0.1:${PORT}`, {
  jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'bench', alg: 'ES256', use: 'sig' }] },
  clients: [
    {
      client_id: 'robot',
      client_secret: 'secret',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    },
    {
      client_id: 'app',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: ['https://app.test/'],
    },
  ],
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  rotateRefreshToken: true,
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope,
        audience: resource,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
});
const client = await provider.Client.find('app');
if (client === undefined) throw new Error('There is no client.');
const refreshTokens = await Promise.all(
  Array.from({ length: REFRESH_TOKENS }, async (_, index) => {
    const grant = new provider.Grant({ accountId: `person${index}`, clientId: client.clientId });
    grant.addOIDCScope(scope);
    grant.addResourceScope(resource, scope);
    const grantId = await grant.save();
    const refreshToken = new provider.RefreshToken({
      ...{ client, grantId, scope, resource, accountId: `person${index}`, gty: 'authorization_code' },
      expiresWithSession: false,
      authTime: Math.floor(Date.now() / 1_000),
    });
    return refreshToken.save();
  }),
);
provider.listen(PORT, '127.0.0.1', () => process.send?.(refreshTokens));
process.on('disconnect', () => process.exit(0));
