import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TenantRow } from '../tenants/model.ts';
import { type DnsServer, startDns } from '../testing/dns.ts';
import { type Fixture, startFixture } from '../testing/fixture.ts';
import { domainName, domainOfEmail } from './rules.ts';

let dns: DnsServer;
let fixture: Fixture;
beforeAll(async () => {
  dns = await startDns();
  fixture = await startFixture({ DNS_SERVERS: JSON.stringify([dns.address]) });
});
afterAll(async () => {
  await fixture?.stop();
  await dns?.stop();
});

const fields =
  'domain { id name isVerified verifiedAt recordName recordValue } errors { __typename message }';
const permissions = ['domain:read', 'domain:write'];
const freshName = () => `d${randomBytes(5).toString('hex')}.test`;

async function change(tenant: Pick<TenantRow, '_id'>, mutation: string, input: object, more: string[] = []) {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${mutation === 'removeDomain' ? 'removedDomainId errors { __typename }' : fields} } }`;
  const viewer = { subject: 'per_admin', tenantId: tenant._id, permissions: [...permissions, ...more] };
  const { data, errors } = await fixture.execute(query, { viewer, variables: { input } });
  expect(errors).toBeUndefined();
  return data[mutation];
}

const told = (type: string, name: string) =>
  fixture.service.connection
    .collection('outbox')
    .find({ 'event.type': type, 'event.data.name': name })
    .toArray();

describe('a domain', () => {
  it('is verified by the record in its DNS, and not before', async () => {
    const tenant = await fixture.tenant();
    const name = freshName();
    const { domain } = await change(tenant, 'addDomain', { name: ` ${name.toUpperCase()}. ` });
    expect(domain).toMatchObject({ name, isVerified: false, recordName: `_arthemiz.${name}` });
    expect((await change(tenant, 'addDomain', { name })).domain).toEqual(domain);

    const early = await change(tenant, 'verifyDomain', { id: domain.id });
    expect(early).toMatchObject({ domain: null, errors: [{ __typename: 'DomainNotProven' }] });
    dns.records.set(domain.recordName, 'arthemiz-domain-verification=guessed');
    expect((await change(tenant, 'verifyDomain', { id: domain.id })).domain).toBeNull();

    dns.records.set(domain.recordName, domain.recordValue);
    const { domain: verified } = await change(tenant, 'verifyDomain', { id: domain.id });
    expect(verified).toMatchObject({ isVerified: true, verifiedAt: expect.stringMatching(/Z$/) });
    await change(tenant, 'verifyDomain', { id: domain.id });
    expect((await told('arthemiz.domain.verified.v1', name)).map(({ event }) => event)).toMatchObject([
      { tenantid: tenant._id, data: { domainId: domain.id, proof: 'dns', verifiedBy: 'per_admin' } },
    ]);
  });

  it("is one tenant's: another's record is of no use while it is, and nobody learns who named it", async () => {
    const [mine, theirs] = [await fixture.tenant(), await fixture.tenant()];
    const name = freshName();
    const first = (await change(mine, 'addDomain', { name })).domain;
    const second = (await change(theirs, 'addDomain', { name })).domain;
    expect(second).toMatchObject({ isVerified: false });
    expect(second.recordValue).not.toBe(first.recordValue);
    dns.records.set(first.recordName, first.recordValue);
    await change(mine, 'verifyDomain', { id: first.id });
    expect((await change(theirs, 'verifyDomain', { id: second.id })).errors).toMatchObject([
      { __typename: 'DomainNotProven' },
    ]);

    dns.records.set(second.recordName, second.recordValue);
    expect((await change(theirs, 'verifyDomain', { id: second.id })).errors).toMatchObject([
      { __typename: 'DomainTaken' },
    ]);
    expect(await change(mine, 'removeDomain', { id: first.id })).toMatchObject({ removedDomainId: first.id });
    expect((await change(theirs, 'verifyDomain', { id: second.id })).domain).toMatchObject({
      isVerified: true,
    });
    expect(await told('arthemiz.domain.removed.v1', name)).toHaveLength(1);
  });

  it("is one tenant's, also when two verify it at once", async () => {
    const tenants = [await fixture.tenant(), await fixture.tenant()];
    const approve = (tenantId: string, name: string) =>
      change({ _id: 'ten_platform' }, 'approveDomain', { tenantId, name }, ['tenant:create']);
    const race = async (name: string) => {
      const outcomes = await Promise.all(tenants.map(({ _id }) => approve(_id, name)));
      expect(outcomes.filter(({ domain }) => domain?.isVerified)).toHaveLength(1);
      expect(outcomes.flatMap(({ errors }) => errors)).toMatchObject([{ __typename: 'DomainTaken' }]);
      expect(await told('arthemiz.domain.verified.v1', name)).toMatchObject([
        { event: { data: { proof: 'operator' } } },
      ]);
    };
    await Promise.all(Array.from({ length: 8 }, () => race(freshName())));
  });

  it("of another tenant can't be verified or removed, and an operator of a tenant approves none", async () => {
    const [mine, theirs] = [await fixture.tenant(), await fixture.tenant()];
    const { domain } = await change(theirs, 'addDomain', { name: freshName() });
    for (const mutation of ['verifyDomain', 'removeDomain'])
      expect((await change(mine, mutation, { id: domain.id })).errors).toMatchObject([
        { __typename: 'DomainNotFound' },
      ]);
    const { data, errors } = await fixture.execute(
      'mutation ($input: ApproveDomainInput!) { approveDomain(input: $input) { domain { id } } }',
      {
        viewer: { tenantId: mine._id, permissions },
        variables: { input: { tenantId: mine._id, name: freshName() } },
      },
    );
    expect(data.approveDomain).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('is one of 50 at most', async () => {
    const tenant = await fixture.tenant();
    for (let count = 0; count < 49; count += 1) await change(tenant, 'addDomain', { name: freshName() });
    const outcomes = await Promise.all(
      Array.from({ length: 3 }, () => change(tenant, 'addDomain', { name: freshName() })),
    );
    expect(outcomes.filter(({ domain }) => domain !== null)).toHaveLength(1);
    expect(outcomes.flatMap(({ errors }) => errors)).toMatchObject([
      { __typename: 'DomainLimitReached' },
      { __typename: 'DomainLimitReached' },
    ]);
  });
});

describe('the name of a domain', () => {
  it.each([
    ['Example.COM.', 'example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['a.b-c.co', 'a.b-c.co'],
  ])('of %s is %s', (text, name) => {
    expect(domainName(text)).toBe(name);
  });

  it.each([
    '',
    'com',
    '.com',
    'a..b',
    '-a.com',
    'a-.com',
    '127.0.0.1',
    '[::1]',
    'a b.com',
    'a/b.com',
    'a@b.com',
  ])('is not %j', (text) => {
    expect(domainName(text)).toBeNull();
  });

  it('is one thing, however it is written, and is found in an address', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/);
    fc.assert(
      fc.property(label, label, label, (one, two, local) => {
        const name = `${one}.${two}x`;
        expect(domainName(name.toUpperCase())).toBe(name);
        expect(domainName(name)).toBe(name);
        expect(domainOfEmail(`${local}@${name}`)).toBe(name);
        expect(domainOfEmail(`${local}@evil.test@${name}`)).toBe(name);
      }),
    );
  });
});
