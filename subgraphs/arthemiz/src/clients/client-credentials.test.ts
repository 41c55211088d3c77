import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import { audience, type Fixture, issuer, signIn, startFixture } from '../testing/fixture.ts';
import { registerServiceClient } from './registration.ts';
import { hashClientSecret, isClientSecret, newClientSecret } from './secrets.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

/** How openid-client tells of the challenge that comes with `invalid_client` (RFC 6749, 5.2). */
const unauthorized = { status: 401, cause: [{ scheme: 'basic', parameters: { error: 'invalid_client' } }] };

describe('a service client', () => {
  it.each([
    ['in the header', client.ClientSecretBasic],
    ['in the body', client.ClientSecretPost],
  ])('gets a token for itself by its secret, sent %s', async (_, authenticate) => {
    const tenant = await fixture.tenant();
    const { id, secret } = await fixture.serviceClient({ tenant, role: 'operator' });
    const config = await fixture.configure(id, authenticate(secret));
    const { access_token, refresh_token } = await client.clientCredentialsGrant(config, {
      resource: audience,
    });
    expect(decodeProtectedHeader(access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect(decodeJwt(access_token)).toMatchObject({
      iss: issuer,
      aud: audience,
      sub: id,
      client_id: id,
      tenant: tenant._id,
      roles: ['operator'],
      entitlements: expect.arrayContaining(['check:write', 'service:write']),
    });
    expect(refresh_token).toBeUndefined();
  });

  it('gets one for the API when it names no resource', async () => {
    const { id, secret } = await fixture.serviceClient({ tenant: await fixture.tenant() });
    const config = await fixture.configure(id, client.ClientSecretBasic(secret));
    expect(decodeJwt((await client.clientCredentialsGrant(config)).access_token).aud).toBe(audience);
  });

  it('is refused with another secret, or the stored digest of its own', async () => {
    const { id, secret } = await fixture.serviceClient({ tenant: await fixture.tenant() });
    for (const wrong of [newClientSecret(), hashClientSecret(secret)]) {
      const config = await fixture.configure(id, client.ClientSecretBasic(wrong));
      await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject(unauthorized);
    }
  });

  it('is refused when nobody knows it', async () => {
    const config = await fixture.configure('cli_unknown', client.ClientSecretBasic('secret'));
    await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject(unauthorized);
  });

  it('cannot have people sign in', async () => {
    const { id } = await fixture.serviceClient({ tenant: await fixture.tenant() });
    const url = new URL(`${issuer}/authorize`);
    url.search = new URLSearchParams({
      client_id: id,
      response_type: 'code',
      redirect_uri: 'https://evil.test/',
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    }).toString();
    expect((await fixture.browser().open(url)).status).toBe(400);
  });

  it("learns nothing of another client's refresh token, and can't revoke it", async () => {
    const tenant = await fixture.tenant();
    const person = await fixture.person({ tenants: [tenant] });
    const explorer = await signIn(fixture, person.email);
    const refreshToken = explorer.tokens.refresh_token ?? '';
    expect(await client.tokenIntrospection(explorer.config, refreshToken)).toMatchObject({ active: true });

    const { id, secret } = await fixture.serviceClient({ tenant });
    const config = await fixture.configure(id, client.ClientSecretBasic(secret));
    expect(await client.tokenIntrospection(config, refreshToken)).toEqual({ active: false });
    await client.tokenRevocation(config, refreshToken).catch(() => undefined);
    expect(await client.tokenIntrospection(explorer.config, refreshToken)).toMatchObject({ active: true });
  });

  it('keeps its id and takes a new secret and new roles when it is registered again', async () => {
    const tenant = await fixture.tenant();
    const first = await fixture.serviceClient({ tenant });
    const second = await fixture.serviceClient({ tenant, role: 'owner' });
    expect(second.id).toBe(first.id);
    const old = await fixture.configure(first.id, client.ClientSecretBasic(first.secret));
    await expect(client.clientCredentialsGrant(old)).rejects.toMatchObject(unauthorized);
    const config = await fixture.configure(second.id, client.ClientSecretBasic(second.secret));
    expect(decodeJwt((await client.clientCredentialsGrant(config)).access_token).roles).toEqual(['owner']);
  });

  it('is told at once what another copy has changed, also where many ask at the same moment', async () => {
    const tenant = await fixture.tenant();
    const { id, secret } = await fixture.serviceClient({ tenant });
    const copy = await fixture.startCopy();
    const config = await fixture.configure(id, client.ClientSecretBasic(secret));
    const rolesOf = async () => {
      const { access_token } = await client.clientCredentialsGrant(config);
      return decodeJwt(access_token).roles;
    };
    for (const role of ['operator', 'owner', 'viewer']) {
      await rolesOf();
      await registerServiceClient(copy.service, {
        tenantId: tenant._id,
        name: 'Robot',
        roleNames: [role],
        secret,
      });
      expect(await Promise.all(Array.from({ length: 20 }, rolesOf))).toEqual(Array(20).fill([role]));
    }
    await inTenant(tenant._id, () => copy.service.models.ServiceClient.deleteOne({ _id: id }));
    await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject(unauthorized);
  });

  it('can be given no role that its tenant lacks', async () => {
    const tenant = await fixture.tenant();
    await expect(fixture.serviceClient({ tenant, role: 'platform-operator' })).rejects.toThrow(/no role/);
  });
});

describe('a client secret', () => {
  it('is told from others, whatever their length', () => {
    const secret = newClientSecret();
    const hash = hashClientSecret(secret);
    expect(isClientSecret(secret, hash)).toBe(true);
    expect(isClientSecret(`${secret}x`, hash)).toBe(false);
    expect(isClientSecret('', hash)).toBe(false);
    expect(isClientSecret(secret, '')).toBe(false);
  });
});
