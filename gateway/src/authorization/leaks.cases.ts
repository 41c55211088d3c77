// What somebody can learn of what they may not see: nothing, by messages, by what is asked of subgraphs, or by which
// answer comes to which id.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { joinTenant } from '../../../subgraphs/arthemiz/src/memberships/joining.ts';
import { registerPerson } from '../../../subgraphs/arthemiz/src/people/registration.ts';
import type { Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';

let platform: Platform;
let tenantId: string;
let serviceId: string;
/** May see the tenant's services and nothing else. */
let token: string;
beforeAll(async () => {
  platform = await sharedPlatform();
  tenantId = (await platform.tenant())._id;
  ({ serviceId } = await platform.health.service(tenantId));
  token = await platform.token({ tenantId, permissions: ['service:read'] });
});

const requests = () =>
  Promise.all((['arthemiz', 'systemhealth', 'sentinel'] as const).map((name) => platform.requestsTo(name)));

describe('a denied field', () => {
  it.each(['securityEvent(id: "ID") { id reason }', 'person(id: "ID") { email }', 'roles { name }'])(
    '%s is asked of no subgraph, and answers alike for what is there and what is not',
    async (field) => {
      const before = await requests();
      const answers = await Promise.all(
        [serviceId, 'sev_none', 'per_none'].map(async (id) => {
          const { data, errors } = await platform.query(`{ ${field.replace('ID', id)} }`, { token });
          return { data, errors };
        }),
      );
      expect(
        new Set(answers.map((answer) => JSON.stringify(answer).replaceAll(/sev_none|per_none/g, ''))).size,
      ).toBe(1);
      expect(answers[0]?.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      expect(await requests()).toEqual(before);
    },
  );

  it('of an object that is fetched is not fetched with it', async () => {
    const subgraph = await platform.speakForSubgraph();
    const at = await platform.startGateway(platform.urlsWith({ systemhealth: subgraph.url }));
    const answer = platform.query('{ services(first: 1) { nodes { id checks { target } } } }', { token, at });
    const asked = await eventually(async () => subgraph.requests[0] ?? false);
    expect(asked.query).not.toMatch(/checks|target/);
    asked.answer({ data: { services: { nodes: [{ id: 'svc_1' }] } } });
    expect((await answer).data).toEqual({ services: { nodes: [{ id: 'svc_1', checks: null }] } });
    await at.stop();
  });

  it('costs nothing, so that nobody learns from costs how heavy it is', async () => {
    const nested = (depth: number): string =>
      depth === 0 ? 'id' : `services(first: 100) { nodes { tenant { ${nested(depth - 1)} } } }`;
    const refusal = async (more: string) => {
      const permissions = ['service:read', 'tenant:read'];
      const query = `{ tenant { ${nested(4)} ${more} } }`;
      const { data, errors } = await platform.query(query, {
        token: await platform.token({ tenantId, permissions }),
      });
      return { data, errors };
    };
    const plain = await refusal('id');
    expect(plain.errors).toMatchObject([{ extensions: { code: 'COST_LIMIT_EXCEEDED' } }]);
    expect(await refusal('securityEvents(first: 100) { nodes { reason } }')).toEqual(plain);
  });
});

describe('strangers', () => {
  it.each([
    ['{ securityEvent { i } }', /did you mean/i],
    ['{ securityEvents { node { id } } }', /did you mean|nodes/i],
    ['{ securityEvents(filter: { type: FOO }) { nodes { id } } }', /did you mean|types/i],
    ['{ __type(name: "SecurityEvent") { name } }', /SIGN_IN/],
    ['{ tenannt { id } }', /did you mean|"tenant"/i],
  ])('learn no names from %s', async (query, told) => {
    const { errors } = await platform.query(query);
    expect(errors?.length).toBeGreaterThan(0);
    expect(JSON.stringify(errors)).not.toMatch(told);
  });
});

describe('a field that only owners may see', () => {
  it('shows neither itself nor how that was found out', async () => {
    const { service } = platform.subgraphs.arthemiz;
    const people = await Promise.all(
      ['a', 'b'].map((name) =>
        registerPerson(service, { email: `${name}.${tenantId}@acme.test`, displayName: name }),
      ),
    );
    for (const { _id: personId } of people)
      await joinTenant(service, { personId, tenantId, roleNames: ['viewer'] });
    const [me, other] = people;
    const subject = me?._id ?? '';
    const own = await platform.token({ subject, tenantId, permissions: ['role:read'] });
    const query = 'query ($id: ID!) { viewer { person { email roles { name } } } person(id: $id) { email } }';
    const mine = await platform.query(query, { token: own, variables: { id: subject } });
    expect({ data: mine.data, errors: mine.errors }).toEqual({
      data: {
        viewer: { person: { email: me?.email, roles: [{ name: 'viewer' }] } },
        person: { email: me?.email },
      },
    });
    const others = await platform.query(query, { token: own, variables: { id: other?._id } });
    expect(others.data.person).toBeNull();
    expect(JSON.stringify(others)).not.toMatch(/__owned|b\.ten_/);
    expect(others.errors).toMatchObject([{ path: ['person'], extensions: { code: 'FORBIDDEN' } }]);
  });

  it('of objects that come by another way is null there, once told at each place', async () => {
    const events = await platform.token({
      subject: 'per_me',
      tenantId,
      permissions: ['security-event:read'],
    });
    const subgraph = await platform.speakForSubgraph();
    const at = await platform.startGateway(
      platform.urlsWith({ sentinel: subgraph.url, arthemiz: subgraph.url }),
    );
    const answer = platform.query('{ securityEvents(first: 2) { nodes { actor { email } } } }', {
      token: events,
      at,
    });
    const asked = (count: number) => eventually(async () => subgraph.requests[count - 1] ?? false);
    const actors = ['per_me', 'per_other'].map((id) => ({ actor: { __typename: 'Person', id } }));
    (await asked(1)).answer({ data: { securityEvents: { nodes: actors } } });
    const joined = await asked(2);
    expect(joined.query).toMatch(/_entities/);
    // A subgraph that forgot to deny: the gateway does not rely on it.
    const person = (id: string) => ({
      __typename: 'Person',
      id,
      email: `${id}@acme.test`,
      __owned_Person_id: id,
    });
    joined.answer({ data: { _entities: ['per_me', 'per_other'].map(person) } });
    const { data, errors } = await answer;
    expect(data.securityEvents.nodes).toEqual([
      { actor: { email: 'per_me@acme.test' } },
      { actor: { email: null } },
    ]);
    expect(errors).toMatchObject([
      { path: ['securityEvents', 'nodes', 1, 'actor', 'email'], extensions: { code: 'FORBIDDEN' } },
    ]);
    await at.stop();
  });
});
