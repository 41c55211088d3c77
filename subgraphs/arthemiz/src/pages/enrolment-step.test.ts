// Tenants that ask everybody for a second factor.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import type { TenantRow } from '../tenants/model.ts';
import { Authenticator, enrolApp } from '../testing/authenticator.ts';
import type { Visit } from '../testing/browser.ts';
import { beginCodeFlow, exchange, type Fixture, password, signIn, startFixture } from '../testing/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

const updateCompliance = /* GraphQL */ `
  mutation ($required: Boolean!) {
    updateTenantCompliance(input: { secondFactorRequired: $required }) {
      tenant { id compliance { secondFactorRequired } }
      errors { message }
    }
  }
`;

const require = (tenant: TenantRow, required = true, permissions = ['tenant:update', 'tenant:read']) =>
  fixture.execute(updateCompliance, {
    viewer: { tenantId: tenant._id, permissions },
    variables: { required },
  });

async function strictTenant() {
  const tenant = await fixture.tenant();
  await require(tenant);
  return tenant;
}

async function afterPassword(email: string) {
  const flow = await beginCodeFlow(fixture);
  await flow.browser.open(flow.url);
  return { flow, browser: flow.browser, page: await flow.browser.submit({ email, password }) };
}

const scan = ({ text }: Visit) =>
  new Authenticator(text.match(/<code class="secret">([A-Z2-7 ]+)<\/code>/)?.[1] ?? '');
const isIn = ({ url }: { url: URL }) => url.searchParams.has('code');

describe('a tenant that asks for a second factor', () => {
  it('leads who has none to add an authenticator app before they enter', async () => {
    const person = await fixture.person({ tenants: [await strictTenant()] });
    const { flow, browser, page } = await afterPassword(person.email);
    expect(page.text).toMatch(/This tenant asks everybody for a second factor/);
    const app = scan(page);
    expect((await browser.submit({ code: app.wrong() })).status).toBe(401);
    const first = await browser.submit({ code: app.next() });
    // A step ended between showing the code and checking it.
    const codes = first.status === 401 ? await browser.submit({ code: app.next() }) : first;
    expect(codes.text.match(/<li><code>/g)).toHaveLength(10);
    const { access_token: token } = await exchange(flow, await browser.submit({}));
    expect(decodeJwt(token)).toMatchObject({ sub: person._id, acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });

    const next = await afterPassword(person.email);
    expect(next.page.text).toMatch(/Confirm that it is you/);
  });

  it('lets nobody in who leaves that out', async () => {
    const person = await fixture.person({ tenants: [await strictTenant()] });
    const { browser, page } = await afterPassword(person.email);
    const resumed = await browser.open(page.url.href.replace('/sign-in/', '/authorize/'));
    expect(isIn(resumed)).toBe(false);
  });

  it('lets in who has one, and asks nobody who enters another tenant', async () => {
    const [strict, lax] = [await strictTenant(), await fixture.tenant()];
    const guarded = await fixture.person({ tenants: [strict] });
    const { app } = await enrolApp(fixture, guarded);
    const { browser } = await afterPassword(guarded.email);
    expect(isIn(await browser.submit({ code: app.present() }))).toBe(true);

    const bare = await fixture.person({ tenants: [strict, lax] });
    const choice = await afterPassword(bare.email);
    expect(isIn(await choice.browser.submit({ tenant: lax._id }))).toBe(true);
    const other = await afterPassword(bare.email);
    expect((await other.browser.submit({ tenant: strict._id })).text).toMatch(
      /Set up your authenticator app/,
    );
  });

  it('does not take an app that somebody else added meanwhile for one’s own', async () => {
    const person = await fixture.person({ tenants: [await strictTenant()] });
    const { browser, page } = await afterPassword(person.email);
    await enrolApp(fixture, person);
    const answer = await browser.submit({ code: scan(page).present() });
    expect(isIn(answer)).toBe(false);
    expect(answer.text).toMatch(/Confirm that it is you/);
  });

  it('lets sessions and refresh tokens of before go on no further', async () => {
    const tenant = await fixture.tenant();
    const person = await fixture.person({ tenants: [tenant] });
    const { browser, config, tokens } = await signIn(fixture, person.email);
    await require(tenant);
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    const flow = await beginCodeFlow(fixture, { prompt: '' }, { browser });
    flow.url.searchParams.delete('prompt');
    expect((await browser.open(flow.url)).text).toMatch(/<h1>Sign in/);
  });

  it('asks no more once it is told so', async () => {
    const tenant = await strictTenant();
    const person = await fixture.person({ tenants: [tenant] });
    await require(tenant, false);
    expect(isIn((await afterPassword(person.email)).page)).toBe(true);
  });
});

describe('what a tenant asks for', () => {
  it('is changed by who may change the tenant, and told once', async () => {
    const tenant = await fixture.tenant();
    const denied = await require(tenant, true, ['tenant:read']);
    expect(denied.errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
    for (const required of [true, true, false]) {
      const { data } = await require(tenant, required);
      expect(data.updateTenantCompliance).toEqual({
        tenant: { id: tenant._id, compliance: { secondFactorRequired: required } },
        errors: [],
      });
    }
    const told = await fixture.service.connection
      .collection('outbox')
      .find({ 'event.type': 'arthemiz.tenant.compliance-changed.v1', 'event.tenantid': tenant._id })
      .sort({ _id: 1 })
      .toArray();
    expect(told.map(({ event }) => event.data.secondFactorRequired)).toEqual([true, false]);
  });
});
