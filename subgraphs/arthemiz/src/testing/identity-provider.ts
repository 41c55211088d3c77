// For tests only: a tenant's identity provider, which is a second oidc-provider, and the browser's part at it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export type IdentityProvider = Awaited<ReturnType<typeof startIdentityProvider>>;

export interface Account {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
  groups?: string[];
  amr?: string[];
}

export const idpClient = { clientId: 'arthemiz', clientSecret: 'a secret that only the two of them know' };

/** Whoever comes there is signed in at once, as `current`. */
export async function startIdentityProvider(redirectUris: () => readonly string[]) {
  const accounts = new Map<string, Account>();
  let current = '';
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has an AddressInfo
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: idpClient.clientId,
        client_secret: idpClient.clientSecret,
        redirect_uris: ['http://localhost/placeholder'],
      },
    ],
    claims: { openid: ['sub', 'amr'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, sub) => {
      const account = accounts.get(sub);
      return account && { accountId: sub, claims: () => ({ ...account }) };
    },
    async loadExistingGrant(ctx) {
      const { account, client } = ctx.oidc;
      if (account === undefined || client === undefined) return undefined;
      const grant = new ctx.oidc.provider.Grant({ accountId: account.accountId, clientId: client.clientId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  // Which connection, and so which address, is known only when the provider runs already.
  provider.Client.prototype.redirectUriAllowed = (uri: string) => redirectUris().includes(uri);
  const callback = provider.callback();
  /** Whom it signs in from now on. */
  const signInAs = (account: Account): void => {
    accounts.set(account.sub, account);
    current = account.sub;
  };
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void callback(request, response);
    const login = { accountId: current, amr: accounts.get(current)?.amr ?? ['pwd'] };
    void provider.interactionFinished(request, response, { login });
  });

  return {
    issuer,
    signInAs,
    /** Goes through the provider as a browser does, as this account, up to where it sends people back to. */
    async visit(url: URL, account: Account): Promise<URL> {
      signInAs(account);
      let [at, cookies] = [url, new Map<string, string>()];
      while (at.origin === issuer) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const response = await fetch(at, { redirect: 'manual', headers: { cookie, accept: 'text/html' } });
        for (const line of response.headers.getSetCookie()) {
          const [pair = ''] = line.split(';', 1);
          cookies = cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
        }
        const location = response.headers.get('location');
        if (location === null)
          throw new Error(`The provider stopped: ${(await response.text()).slice(0, 500)}`);
        at = new URL(location, at);
      }
      return at;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
