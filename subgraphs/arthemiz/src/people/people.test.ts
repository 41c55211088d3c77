import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Fixture, startFixture } from '../testing/fixture.ts';
import { registerPerson } from './registration.ts';
import { maskEmail } from './rules.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

const permissions = ['tenant:read', 'person:read', 'role:read'];

describe('the viewer', () => {
  const query = /* GraphQL */ `
    {
      viewer {
        id
        displayName
        email
        roles
        permissions
        tenant {
          name
        }
        person {
          id
          roles {
            name
          }
        }
      }
    }
  `;

  it('is the person who signed in, in the tenant of the token', async () => {
    const tenant = await fixture.tenant({ name: 'Acme' });
    const person = await fixture.person({ tenants: [tenant], role: 'viewer' });
    const viewer = { subject: person._id, tenantId: tenant._id, roles: ['viewer'], permissions };
    expect((await fixture.execute(query, { viewer })).data.viewer).toEqual({
      id: person._id,
      displayName: 'Olivia Ortega',
      email: person.email,
      roles: ['viewer'],
      permissions,
      tenant: { name: 'Acme' },
      person: { id: person._id, roles: [{ name: 'viewer' }] },
    });
  });

  it('is a service client under its name, without an address', async () => {
    const tenant = await fixture.tenant();
    const { id } = await fixture.serviceClient({ tenant });
    const viewer = { subject: id, tenantId: tenant._id, permissions };
    expect((await fixture.execute(query, { viewer })).data.viewer).toMatchObject({
      id,
      displayName: 'Robot',
      email: null,
      person: null,
    });
  });

  it('is known by the id alone once the membership has ended, while the token lives', async () => {
    const tenant = await fixture.tenant();
    const person = await fixture.person({ tenants: [tenant] });
    await fixture.leave({ person, tenant });
    const viewer = { subject: person._id, tenantId: tenant._id, permissions };
    expect((await fixture.execute(query, { viewer })).data.viewer).toMatchObject({
      displayName: person._id,
      email: null,
      person: null,
    });
  });

  it('may have no tenant', async () => {
    const viewer = { subject: 'per_lonely', tenantId: null, permissions };
    const { data, errors } = await fixture.execute(
      '{ tenant { id } viewer { displayName email tenant { id } person { id } } }',
      { viewer },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      tenant: null,
      viewer: { displayName: 'per_lonely', email: null, tenant: null, person: null },
    });
  });

  it('is nobody who did not sign in', async () => {
    const { data, errors } = await fixture.execute('{ viewer { id } }', { viewer: { isAnonymous: true } });
    expect(data.viewer).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

describe('the people of a tenant', () => {
  const query = /* GraphQL */ `
    query ($after: String) {
      tenant {
        people(first: 2, after: $after) {
          edges {
            cursor
            node {
              id
            }
          }
          nodes {
            id
            displayName
            email
            roles {
              name
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `;

  it('are listed page by page in the order in which they joined, with their roles in this tenant', async () => {
    const [tenant, other] = [await fixture.tenant(), await fixture.tenant()];
    const people = [
      await fixture.person({ tenants: [tenant], role: 'owner' }),
      await fixture.person({ tenants: [tenant], role: 'viewer' }),
      await fixture.person({ tenants: [other, tenant], role: 'operator' }),
    ];
    const stranger = await fixture.person({ tenants: [other] });
    const viewer = { tenantId: tenant._id, permissions };
    const first = (await fixture.execute(query, { viewer })).data.tenant.people;
    expect(first.nodes).toMatchObject([
      { id: people[0]?._id, email: people[0]?.email, roles: [{ name: 'owner' }] },
      { id: people[1]?._id, roles: [{ name: 'viewer' }] },
    ]);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const after = first.pageInfo.endCursor;
    const second = (await fixture.execute(query, { viewer, variables: { after } })).data.tenant.people;
    expect(second.nodes).toMatchObject([{ id: people[2]?._id, roles: [{ name: 'operator' }] }]);
    expect(second.pageInfo.hasNextPage).toBe(false);
    expect(JSON.stringify([first, second])).not.toContain(stranger._id);
  });

  it('are found by id, and nobody else is', async () => {
    const [tenant, other] = [await fixture.tenant(), await fixture.tenant()];
    const [mine, theirs] = [
      await fixture.person({ tenants: [tenant] }),
      await fixture.person({ tenants: [other] }),
    ];
    const ask = async (id: string) => {
      const viewer = { tenantId: tenant._id, permissions };
      return (
        await fixture.execute('query ($id: ID!) { person(id: $id) { id email } }', {
          viewer,
          variables: { id },
        })
      ).data.person;
    };
    expect(await ask(mine._id)).toEqual({ id: mine._id, email: mine.email });
    expect([await ask(theirs._id), await ask('per_nobody')]).toEqual([null, null]);
  });

  it('are shown to those alone who may see people', async () => {
    const viewer = { permissions: ['tenant:read', 'role:read'] };
    for (const query of ['{ people { nodes { id } } }', '{ person(id: "x") { id } }']) {
      const { errors } = await fixture.execute(query, { viewer });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });
});

describe('registering a person', () => {
  it('makes one person of one address, however it is written and however often it is asked for', async () => {
    const people = await Promise.all(
      [' Twice@Acme.test', 'twice@acme.test', 'TWICE@ACME.TEST '].map((email) =>
        registerPerson(fixture.service, { email, displayName: 'Twice' }),
      ),
    );
    expect(new Set(people.map(({ _id }) => _id)).size).toBe(1);
    expect(people[0]?.email).toBe('twice@acme.test');
  });

  it('refuses what is no address', async () => {
    for (const email of ['', 'nobody', '@acme.test', 'a b@acme.test', 'a@b@c.test']) {
      await expect(registerPerson(fixture.service, { email, displayName: 'X' })).rejects.toThrow(/e-mail/);
    }
  });
});

describe('a masked address', () => {
  it.each([
    ['owner@acme.test', 'o***@acme.test'],
    ['@acme.test', '***'],
    ['nonsense', '***'],
  ])('of %s is %s', (email, masked) => {
    expect(maskEmail(email)).toBe(masked);
  });
});
