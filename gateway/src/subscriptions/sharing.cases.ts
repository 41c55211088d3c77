// Who shares a subscription, and who never may.
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createPassportMint, createPassportVerifier } from '@supergraph/chassis/passport';
import { createPolicy } from '@supergraph/chassis/policy';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually, testViewer } from '@supergraph/chassis/testing';
import { sharedViewer } from '@supergraph/chassis/viewer';
import { buildSchema, parse } from 'graphql';
import { joinTenant } from '../../../subgraphs/arthemiz/src/memberships/joining.ts';
import { registerPerson } from '../../../subgraphs/arthemiz/src/people/registration.ts';
import { type LiveClient, openLiveClient } from '../testing/live-client.ts';
import type { Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';
import { createSharing } from './sharing.ts';

describe('an operation', () => {
  const sdl = /* GraphQL */ `
    directive @authenticated on FIELD_DEFINITION | OBJECT
    directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION | OBJECT
    directive @cacheControl(maxAge: Int, scope: Scope) on FIELD_DEFINITION
    enum Scope { PUBLIC PRIVATE }
    type Query { a: Int @authenticated }
    type Subscription { noted: Note @authenticated }
    type Note {
      id: ID @authenticated
      text: String @policy(policies: [["note:read"], ["field(id)=viewer.subject"]])
      isMine: Boolean @authenticated @cacheControl(maxAge: 0, scope: PRIVATE)
    }`;
  const schema = buildSchema(sdl);
  const sharingOf = createSharing({ schema, supergraphSchema: schema, policy: createPolicy(sdl) });
  const mayRead = ['note:read'];

  function keyOf(query: string, given: Parameters<typeof testViewer>[0]): string {
    const session = { viewer: testViewer({ tenantId: 'ten_a', ...given }) };
    const asked = parse(query);
    // What sharing reads of an operation.
    const prepared = {
      authorized: { key: query, asked },
      variables: {},
      request: { context: { session, requestId: 'r' } },
    } as unknown as Parameters<typeof sharingOf>[0];
    return sharingOf(prepared).key;
  }
  const areShared = (query: string, permissions: readonly string[]) =>
    keyOf(query, { subject: 'per_a', permissions }) === keyOf(query, { subject: 'per_b', permissions });

  it('of nothing personal is shared by all of equal rights', () => {
    expect(areShared('subscription { noted { id } }', [])).toBe(true);
  });

  it('with a field that is marked as private is shared by nobody', () => {
    expect(areShared('subscription { noted { isMine } }', mayRead)).toBe(false);
    expect(areShared('subscription { noted { ...N } } fragment N on Note { isMine }', mayRead)).toBe(false);
  });

  it('is shared where a permission gives what ownership would, and not where ownership decides', () => {
    expect(areShared('subscription { noted { text } }', mayRead)).toBe(true);
    expect(areShared('subscription { noted { text } }', [])).toBe(false);
  });

  it('is not shared across tenants, roles, permissions or scopes', () => {
    const query = 'subscription { noted { id } }';
    const others = [
      { tenantId: 'ten_b' },
      { roles: ['owner'] },
      { permissions: ['note:write'] },
      { scopes: ['email'] },
      { isAnonymous: true },
    ];
    const keys = [{}, ...others].map((given) => keyOf(query, given));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('a shared passport', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await sharedPlatform();
  });
  const clients: LiveClient[] = [];
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });

  it('says what may be seen and not by whom: whoever asks for that gets an error', async () => {
    const { passportKey, env } = platform.environment;
    const mint = await createPassportMint({ privateKey: passportKey });
    const publicKey = JSON.parse(env.PASSPORT_PUBLIC_KEY ?? '');
    const verify = await createPassportVerifier({ publicKey, audience: 'notes' });
    const shared = sharedViewer(testViewer({ tenantId: 'ten_a', permissions: ['b:read', 'a:read'] }));
    const passport = await mint(shared, 'notes');
    const viewer = await verify(passport);
    expect([viewer.tenantId, [...viewer.permissions]]).toEqual(['ten_a', ['a:read', 'b:read']]);
    expect(() => viewer.subject).toThrow(/PRIVATE/);
    expect(() => viewer.clientId).toThrow(/PRIVATE/);
    expect(Buffer.from(passport.split('.')[1] ?? '', 'base64url').toString()).not.toMatch(/per_|explorer/);
  });

  it('is not used where it matters who looks: each sees their own and nobody sees another’s', async () => {
    const { _id: tenantId } = await platform.tenant();
    const { service } = platform.subgraphs.arthemiz;
    const people = await Promise.all(
      ['Ada', 'Ben'].map(async (displayName) => {
        const email = `${displayName}.${tenantId}@acme.test`.toLowerCase();
        const person = await registerPerson(service, { email, displayName });
        await joinTenant(service, { personId: person._id, tenantId, roleNames: ['viewer'] });
        const token = await platform.token({
          tenantId,
          subject: person._id,
          permissions: ['security-event:read'],
        });
        return { ...person, displayName, token };
      }),
    );
    const query = 'subscription { securityEvent { actor { displayName } } }';
    const watches = people.map(({ token }) => {
      const client = openLiveClient({ url: platform.gateway.url, token });
      clients.push(client);
      return client.watch(query);
    });
    const { live } = platform.subgraphs.sentinel.service;
    const open = () => platform.metric(platform.subgraphs.sentinel, 'live_subscribers');
    await eventually(async () => (await open()) === 2);
    for (const { _id: actorId } of people) {
      const at = new Date().toISOString();
      const push = {
        _id: `sev_${actorId}`,
        tenantId,
        type: 'SIGNED_IN',
        actorId,
        occurredAt: at,
        receivedAt: at,
      };
      await inTenant(tenantId, () => live.publish('security-event-stored', push));
    }
    await eventually(() => watches.every(({ results }) => results.length === 2));
    const namesSeenBy = watches.map(({ results }) =>
      results.map(({ data }) => data?.securityEvent?.actor?.displayName ?? null),
    );
    expect(namesSeenBy).toEqual([
      ['Ada', null],
      [null, 'Ben'],
    ]);
  });
});
