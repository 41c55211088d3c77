import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { beginCodeFlow, type Fixture, password, startFixture } from '../testing/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

const operator = { subject: 'per_operator', tenantId: 'ten_platform', permissions: ['tenant:create'] };

const createTenant = /* GraphQL */ `
  mutation ($input: CreateTenantInput!) {
    createTenant(input: $input) {
      tenant {
        id
        name
        slug
        createdAt
      }
      errors {
        __typename
        message
        ... on InvalidTenantInput {
          field
        }
        ... on TenantSlugTaken {
          slug
        }
      }
    }
  }
`;

let sequence = 0;
const newInput = (
  given: { name?: string; slug?: string; idempotencyKey?: string; ownerEmail?: string } = {},
) => {
  sequence += 1;
  return { name: 'Acme', slug: `acme-${sequence}`, idempotencyKey: `key-00000${sequence}`, ...given };
};

async function create(input: ReturnType<typeof newInput>, more: { url?: string; subject?: string } = {}) {
  const { subject = operator.subject, ...rest } = more;
  const viewer = { ...operator, subject };
  const { data, errors } = await fixture.execute(createTenant, { viewer, variables: { input }, ...rest });
  expect(errors).toBeUndefined();
  return data.createTenant;
}

async function told(type: string, tenantId: string) {
  const outbox = fixture.service.connection.collection('outbox');
  return outbox.find({ 'event.type': type, 'event.subject': tenantId }).toArray();
}

describe('creating a tenant', () => {
  it('makes it with its default roles, and tells of it', async () => {
    const input = newInput({ name: '  Acme Robotics ' });
    const { tenant, errors } = await create(input);
    expect(errors).toEqual([]);
    expect(tenant).toMatchObject({
      name: 'Acme Robotics',
      slug: input.slug,
      id: expect.stringMatching(/^ten_/),
    });
    expect(tenant.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

    const viewer = { tenantId: tenant.id, permissions: ['role:read'] };
    const { data } = await fixture.execute('{ roles { name permissions } }', { viewer });
    expect(data.roles.map(({ name }: { name: string }) => name)).toEqual(['operator', 'owner', 'viewer']);
    const granted = data.roles.flatMap((role: { permissions: string[] }) => role.permissions);
    // What concerns the whole platform is no tenant's to hold.
    expect(granted).not.toContain('tenant:create');

    const [entry] = await told('arthemiz.tenant.created.v1', tenant.id);
    expect(entry?.event).toMatchObject({
      tenantid: tenant.id,
      data: { tenantId: tenant.id, slug: input.slug, name: 'Acme Robotics' },
    });
    await eventually(
      async () => (await told('arthemiz.tenant.created.v1', tenant.id))[0]?.publishedAt !== null,
    );
  });

  it('creates nothing when it is sent again with its key', async () => {
    const input = newInput();
    const first = await create(input);
    expect(await create(input)).toEqual(first);
    expect(await told('arthemiz.tenant.created.v1', first.tenant.id)).toHaveLength(1);
  });

  it('creates one when it is sent many times at once, to several copies', async () => {
    const copy = await fixture.startCopy();
    const input = newInput();
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, index) => create(input, index % 2 === 0 ? {} : { url: copy.url })),
    );
    expect(new Set(outcomes.map(({ tenant }) => tenant?.id)).size).toBe(1);
    const [{ tenant }] = outcomes as [{ tenant: { id: string } }]; // six were asked for
    expect(await fixture.models.Tenant.countDocuments({ slug: input.slug })).toBe(1);
    expect(await told('arthemiz.tenant.created.v1', tenant.id)).toHaveLength(1);
    const { data } = await fixture.execute('{ roles { name } }', {
      viewer: { tenantId: tenant.id, permissions: ['role:read'] },
    });
    expect(data.roles).toHaveLength(3);
  });

  it('refuses a key that was used for another tenant, but not one that somebody else chose too', async () => {
    const input = newInput();
    await create(input);
    const other = newInput({ idempotencyKey: input.idempotencyKey });
    const { tenant, errors } = await create(other);
    expect(tenant).toBeNull();
    expect(errors).toMatchObject([
      { __typename: 'TenantKeyReused', message: expect.stringMatching(/new key/) },
    ]);
    expect((await create(other, { subject: 'per_another' })).errors).toEqual([]);
  });

  it('refuses a slug that is taken, also when two ask for it at once', async () => {
    const { slug } = newInput();
    const outcomes = await Promise.all([create(newInput({ slug })), create(newInput({ slug }))]);
    expect(outcomes.filter(({ tenant }) => tenant !== null)).toHaveLength(1);
    expect(outcomes.flatMap(({ errors }) => errors)).toMatchObject([
      { __typename: 'TenantSlugTaken', slug, message: expect.stringContaining(slug) },
    ]);
  });

  it.each([
    ['name', { name: '  ' }],
    ['name', { name: 'x'.repeat(101) }],
    ['slug', { slug: 'Acme' }],
    ['slug', { slug: '1acme' }],
    ['slug', { slug: 'acme-' }],
    ['slug', { slug: 'a--b' }],
    ['slug', { slug: `a${'b'.repeat(40)}` }],
    ['ownerEmail', { ownerEmail: 'nobody' }],
    ['idempotencyKey', { idempotencyKey: 'short' }],
    ['idempotencyKey', { idempotencyKey: 'with a space' }],
  ])('says what is wrong with the %s of %j', async (field, given) => {
    const { tenant, errors } = await create(newInput(given));
    expect(tenant).toBeNull();
    expect(errors).toMatchObject([{ __typename: 'InvalidTenantInput', field }]);
    expect(errors[0].message).toMatch(new RegExp(`^The ${field} `));
  });

  it('refuses to name an owner whom nobody can invite, and creates nothing', async () => {
    const input = { ...newInput(), ownerEmail: 'owner@acme.test' };
    const { tenant, errors } = await create(input);
    expect(tenant).toBeNull();
    expect(errors).toMatchObject([{ __typename: 'TenantOwnerNotInvitable' }]);
    expect(await fixture.models.Tenant.countDocuments({ slug: input.slug })).toBe(0);
  });

  it('is for those alone who operate the platform', async () => {
    const input = newInput();
    const owner = { permissions: ['tenant:read', 'tenant:update', 'person:read', 'role:read'] };
    const { data, errors } = await fixture.execute(createTenant, { viewer: owner, variables: { input } });
    expect(data.createTenant).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await fixture.models.Tenant.countDocuments({ slug: input.slug })).toBe(0);
  });
});

describe('renaming a tenant', () => {
  const renameTenant = /* GraphQL */ `
    mutation ($name: String!) {
      renameTenant(input: { name: $name }) {
        tenant {
          id
          name
          slug
        }
        errors {
          __typename
        }
      }
    }
  `;
  const rename = (tenantId: string, name: string, permissions = ['tenant:update', 'tenant:read']) =>
    fixture.execute(renameTenant, { viewer: { tenantId, permissions }, variables: { name } });

  it('changes the name, keeps the slug and tells of it once', async () => {
    const { _id, slug } = await fixture.tenant();
    const { data } = await rename(_id, ' Acme International ');
    expect(data.renameTenant).toEqual({ tenant: { id: _id, name: 'Acme International', slug }, errors: [] });
    await rename(_id, 'Acme International');
    const entries = await told('arthemiz.tenant.renamed.v1', _id);
    expect(entries.map(({ event }) => event)).toMatchObject([
      { tenantid: _id, data: { tenantId: _id, name: 'Acme International' } },
    ]);
  });

  it('leaves other tenants alone', async () => {
    const [mine, other] = [await fixture.tenant(), await fixture.tenant({ name: 'Globex' })];
    await rename(mine._id, 'Mine');
    expect((await fixture.models.Tenant.findOne({ _id: other._id }).lean())?.name).toBe('Globex');
  });

  it('refuses an empty name, and everybody without tenant:update', async () => {
    const { _id } = await fixture.tenant();
    const { data } = await rename(_id, ' ');
    expect(data.renameTenant).toEqual({ tenant: null, errors: [{ __typename: 'InvalidTenantInput' }] });
    const denied = await rename(_id, 'Stolen', ['tenant:read', 'tenant:create']);
    expect(denied.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await fixture.models.Tenant.findOne({ _id }).lean())?.name).toBe('Acme');
  });
});

describe('the look of a tenant', () => {
  const change = async (tenantId: string, input: object) => {
    const query = /* GraphQL */ `
      mutation ($input: UpdateTenantBrandingInput!) {
        updateTenantBranding(input: $input) {
          tenant { branding { displayName accentColour accentOnLight accentOnDark logo } }
          errors { __typename ... on InvalidTenantInput { field } }
        }
      }
    `;
    const viewer = { tenantId, permissions: ['tenant:read', 'tenant:update'] };
    const { data, errors } = await fixture.execute(query, { viewer, variables: { input } });
    expect(errors).toBeUndefined();
    return data.updateTenantBranding;
  };
  const pixel =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

  it('is changed part by part, and told', async () => {
    const { _id: id } = await fixture.tenant();
    await change(id, { displayName: ' Acme ', accentColour: '#FFD400' });
    const { tenant } = await change(id, { logo: pixel });
    expect(tenant.branding).toEqual({
      ...{ displayName: 'Acme', accentColour: '#ffd400', logo: `data:image/png;base64,${pixel}` },
      ...{ accentOnLight: expect.stringMatching(/^#/), accentOnDark: '#ffd400' },
    });
    const without = await change(id, { displayName: null, logo: null });
    expect(without.tenant.branding).toMatchObject({ displayName: null, logo: null, accentColour: '#ffd400' });
    const events = await told('arthemiz.tenant.branding-changed.v1', id);
    expect(events.map(({ event }) => event.data.hasLogo)).toEqual([false, true, false]);
  });

  it('is no address of another server, and no picture that could run anything', async () => {
    const { _id: id } = await fixture.tenant();
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>').toString('base64');
    for (const logo of ['https://evil.test/x.png', svg])
      expect(await change(id, { logo })).toEqual({
        ...{ tenant: null, errors: [{ __typename: 'InvalidTenantInput', field: 'logo' }] },
      });
  });

  it('is shown on the way into that tenant alone', async () => {
    const tenant = await fixture.tenant();
    await change(tenant._id, { displayName: 'Only Acme' });
    const person = await fixture.person({ tenants: [tenant] });
    const { url, browser } = await beginCodeFlow(fixture);
    const first = await browser.open(url);
    const refused = await browser.submit({ email: person.email, password: 'wrong' });
    for (const page of [first, refused]) expect(page.text).not.toContain('Only Acme');
    await fixture.models.Tenant.updateOne({ _id: tenant._id }, { $set: { secondFactorRequired: true } });
    const enrolment = await browser.submit({ email: person.email, password });
    expect(enrolment.text).toContain('Only Acme');
  });
});

describe('one tenant by its id', () => {
  const ask = (id: string, viewer: object) =>
    fixture.execute('query ($id: ID!) { tenantById(id: $id) { name people { nodes { id } } } }', {
      viewer,
      variables: { id },
    });

  it('is shown to those who operate the platform, without its people; null where there is none', async () => {
    const { _id } = await fixture.tenant();
    const viewer = { ...operator, permissions: ['tenant:create', 'person:read'] };
    const { data } = await ask(_id, viewer);
    expect(data.tenantById).toEqual({ name: 'Acme', people: null });
    expect((await ask('ten_none', viewer)).data.tenantById).toBeNull();
  });

  it('is to everybody else their own alone: others are denied, whether they are there or not', async () => {
    const { _id: own } = await fixture.tenant();
    const { _id: other } = await fixture.tenant();
    const viewer = { tenantId: own, permissions: ['tenant:read'] };
    expect((await ask(own, viewer)).data.tenantById.name).toBe('Acme');
    for (const id of [other, 'ten_none']) {
      const { errors } = await ask(id, viewer);
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    const without = await ask(own, { tenantId: own, permissions: [] });
    expect(without.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('the list of all tenants', () => {
  const page = /* GraphQL */ `
    query ($first: Int, $after: String) {
      tenants(first: $first, after: $after) {
        nodes {
          id
          people {
            nodes {
              id
            }
          }
          roles {
            id
          }
        }
        edges {
          cursor
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          endCursor
        }
      }
    }
  `;

  it('goes from page to page, oldest first, each tenant once, without the people and roles of any', async () => {
    for (let count = 0; count < 3; count += 1) await fixture.tenant();
    const viewer = { ...operator, permissions: ['tenant:create', 'person:read', 'role:read'] };
    const all = await fixture.models.Tenant.find().sort({ createdAt: 1, _id: 1 }).lean();
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { data, errors } = await fixture.execute(page, { viewer, variables: { first: 2, after } });
      expect(errors).toBeUndefined();
      for (const { id, people, roles } of data.tenants.nodes) {
        seen.push(id);
        expect([people, roles]).toEqual([null, null]);
      }
      expect(data.tenants.edges).toHaveLength(data.tenants.nodes.length);
      expect(data.tenants.pageInfo.hasPreviousPage).toBe(after !== null);
      after = data.tenants.pageInfo.hasNextPage ? data.tenants.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(all.map(({ _id }) => _id));
  });

  it.each([0, -1, 101])('refuses a page of %d', async (first) => {
    const { errors } = await fixture.execute(page, { viewer: operator, variables: { first } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('is for those alone who operate the platform', async () => {
    const viewer = { permissions: ['tenant:read'] };
    const { errors } = await fixture.execute('{ tenants { nodes { id } } }', { viewer });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
