// For tests only: a running arthemiz in a namespace of its own, reached as nginx would reach it, with builders.
import { randomBytes } from 'node:crypto';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { inTenant } from '@supergraph/chassis/tenancy';
import { execute, type GraphqlResult, testEnvironment, testViewer } from '@supergraph/chassis/testing';
import * as client from 'openid-client';
import { registerServiceClient } from '../clients/registration.ts';
import { newClientSecret } from '../clients/secrets.ts';
import { definition } from '../definition.ts';
import { joinTenant, roleIdsOf } from '../memberships/joining.ts';
import { setPassword } from '../passwords/authentication.ts';
import type { PersonRow } from '../people/model.ts';
import { registerPerson } from '../people/registration.ts';
import { defaultRoles, type RolePlan } from '../roles/rules.ts';
import type { TenantRow } from '../tenants/model.ts';
import { createTenant } from '../tenants/provisioning.ts';
import { Browser, type Visit } from './browser.ts';

export const origin = 'http://localhost:8080';
export const secureOrigin = 'https://localhost:8443';
export const issuer = `${origin}/auth`;
export const audience = `${origin}/graphql`;
export const explorerUrl = `${origin}/explorer/`;
export const password = 'correct horse battery staple';

export type Running = Awaited<
  ReturnType<typeof startSubgraph<typeof definition.config, typeof definition.models, unknown>>
>;
export type Fixture = Awaited<ReturnType<typeof startFixture>>;

/** What arthemiz needs beside the chassis's variables. */
export function variables(): Record<string, string> {
  return {
    ISSUER: issuer,
    AUDIENCE: audience,
    PUBLIC_ORIGINS: JSON.stringify([origin, secureOrigin]),
    COOKIE_KEYS: JSON.stringify([randomBytes(24).toString('base64url')]),
    KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    GRPC_PORT: '0',
  };
}

export async function startFixture(extra: Record<string, string> = {}) {
  const environment = await testEnvironment({ service: 'arthemiz', extra: { ...variables(), ...extra } });
  const running = await startSubgraph(definition, environment.env);
  const copies: Array<{ stop(): Promise<void> }> = [running];
  const { service } = running;
  const addresses = { next: 1 };

  /** Sends a public URL's request to the service, with the headers that nginx adds. */
  const fetchAt =
    ({ url, ipAddress }: { url: string; ipAddress: string }) =>
    (target: string, init: RequestInit = {}) => {
      const { pathname, search, host, protocol } = new URL(target);
      const headers = new Headers(init.headers);
      headers.set('x-forwarded-host', host);
      headers.set('x-forwarded-proto', protocol.slice(0, -1));
      headers.set('x-forwarded-for', `203.0.113.250, ${ipAddress}`);
      return fetch(`${url}${pathname}${search}`, { ...init, headers });
    };
  const publicFetch = fetchAt({ url: running.url, ipAddress: '198.51.100.1' });

  async function configure(clientId: string, authentication: client.ClientAuth = client.None()) {
    return client.discovery(new URL(issuer), clientId, undefined, authentication, {
      execute: [client.allowInsecureRequests],
      [client.customFetch]: (target, init) => publicFetch(target, init as RequestInit), // fetch's own options by other names
    });
  }

  const fixture = {
    environment,
    running,
    service,
    models: service.models,
    publicFetch,
    configure,
    /** A browser at an address of its own, so that tests do not slow each other down. */
    browser: (ipAddress = `192.0.2.${addresses.next++}`) =>
      new Browser({ fetch: fetchAt({ url: running.url, ipAddress }) }),
    /** Another copy of the service on the same data. */
    async startCopy(more: Record<string, string> = {}) {
      const copy = await startSubgraph(definition, { ...environment.env, ...more });
      copies.push(copy);
      return { ...copy, fetch: fetchAt({ url: copy.url, ipAddress: '198.51.100.2' }) };
    },
    async tenant(
      given: { name?: string; slug?: string; region?: string; roles?: readonly RolePlan[] } = {},
    ): Promise<TenantRow> {
      const unique = randomBytes(5).toString('hex');
      const plan = {
        name: 'Acme',
        slug: `t${unique}`,
        idempotencyKey: `test:${unique}`,
        roles: defaultRoles,
        ...given,
      };
      const outcome = await createTenant(service, plan);
      if ('refusal' in outcome) throw new Error(outcome.refusal.message);
      return outcome.tenant;
    },
    /** A person who can sign in with `password`, member of the tenants with this role. */
    async person(given: { tenants: TenantRow[]; role?: string; email?: string }): Promise<PersonRow> {
      const email = given.email ?? `${randomBytes(5).toString('hex')}@acme.test`;
      const person = await registerPerson(service, { email, displayName: 'Olivia Ortega' });
      await setPassword(service, { personId: person._id, password });
      for (const { _id } of given.tenants) {
        await joinTenant(service, {
          personId: person._id,
          tenantId: _id,
          roleNames: [given.role ?? 'owner'],
        });
      }
      return person;
    },
    /** A person who can't sign in: hashing a password takes longer than most tests. */
    async member(tenant: TenantRow, role = 'owner'): Promise<PersonRow> {
      const email = `${randomBytes(5).toString('hex')}@acme.test`;
      const person = await registerPerson(service, { email, displayName: 'Olivia Ortega' });
      await joinTenant(service, { personId: person._id, tenantId: tenant._id, roleNames: [role] });
      return person;
    },
    join: ({ person, tenant, role }: { person: PersonRow; tenant: TenantRow; role: string }) =>
      joinTenant(service, { personId: person._id, tenantId: tenant._id, roleNames: [role] }),
    leave: ({ person, tenant }: { person: PersonRow; tenant: TenantRow }) =>
      inTenant(tenant._id, () => service.models.Membership.deleteOne({ personId: person._id })),
    /** A group with these people, who are members of the tenant already. */
    async group(given: { tenant: TenantRow; roles: string[]; people?: PersonRow[]; name?: string }) {
      const { tenant, roles, people = [], name = `Group ${randomBytes(5).toString('hex')}` } = given;
      const { Group, Membership } = service.models;
      return inTenant(tenant._id, async () => {
        const roleIds = await roleIdsOf(service, roles);
        const [group] = await Group.create([{ name, roleIds, createdAt: new Date() }]);
        if (group === undefined) throw new Error('The group was not created.');
        const personIds = people.map(({ _id }) => _id);
        await Membership.updateMany({ personId: { $in: personIds } }, { $push: { groupIds: group._id } });
        return group.toObject();
      });
    },
    async serviceClient({ tenant, role = 'viewer' }: { tenant: TenantRow; role?: string }) {
      const secret = newClientSecret();
      const id = await registerServiceClient(service, {
        tenantId: tenant._id,
        name: 'Robot',
        roleNames: [role],
        secret,
      });
      return { id, secret };
    },
    /** A service client that signs with the private half of these keys. */
    keyedClient({ tenant, publicKeys }: { tenant: TenantRow; publicKeys: readonly unknown[] }) {
      const plan = { tenantId: tenant._id, name: 'Keyed robot', roleNames: ['viewer'], publicKeys };
      return registerServiceClient(service, plan);
    },
    execute(
      query: string,
      {
        viewer,
        variables,
        url = running.url,
      }: {
        viewer: Parameters<typeof testViewer>[0];
        variables?: Record<string, unknown>;
        /** Default: the first copy. */
        url?: string;
      },
    ): Promise<GraphqlResult> {
      return execute({ url, environment, query, variables, viewer: testViewer(viewer) });
    },
    async stop() {
      for (const copy of copies) await copy.stop();
      await environment.dispose();
    },
  };
  return fixture;
}

export interface CodeFlow {
  config: client.Configuration;
  browser: Browser;
  url: URL;
  codeVerifier: string;
}

/** Begins an authorization code flow with PKCE as the explorer does. */
export async function beginCodeFlow(
  fixture: Fixture,
  more: Record<string, string> = {},
  given: Partial<CodeFlow> = {},
): Promise<CodeFlow> {
  const config = given.config ?? (await fixture.configure('explorer'));
  const codeVerifier = client.randomPKCECodeVerifier();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: explorerUrl,
    scope: 'openid offline_access',
    prompt: 'consent',
    resource: audience,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    state: 'xyz',
    ...more,
  });
  return { config, browser: given.browser ?? fixture.browser(), url, codeVerifier };
}

/** Exchanges the code that the browser was sent back with. */
export function exchange(
  { config, codeVerifier }: CodeFlow,
  { url }: Visit,
  parameters: Record<string, string> = { resource: audience },
) {
  return client.authorizationCodeGrant(
    config,
    url,
    { pkceCodeVerifier: codeVerifier, expectedState: 'xyz' },
    parameters,
  );
}

/** The whole flow: opens the page, signs in, exchanges the code. */
export async function signIn(fixture: Fixture, email: string, typedPassword = password) {
  const flow = await beginCodeFlow(fixture);
  await flow.browser.open(flow.url);
  const back = await flow.browser.submit({ email, password: typedPassword });
  return { ...flow, tokens: await exchange(flow, back) };
}
