// Exporting a tenant over the real subgraphs and the gateway: what is in the files, and who gets them.
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually, testViewer } from '@supergraph/chassis/testing';
import type { Schema } from 'mongoose';
import { models as sentinelModels } from '../../../sentinel/src/models.ts';
import { models as systemhealthModels } from '../../../systemhealth/src/models.ts';
import { models } from '../models.ts';
import { declared, startSentinel, startSystemHealth } from '../provisioning/testing.ts';
import type { TenantRow } from '../tenants/model.ts';
import { planOf } from '../testing/acting.ts';
import { type Fixture, startFixture } from '../testing/fixture.ts';

const subgraphs = ['arthemiz', 'sentinel', 'systemhealth'] as const;
type SubgraphName = (typeof subgraphs)[number];

let fixture: Fixture;
let systemhealth: Awaited<ReturnType<typeof startSystemHealth>>;
let sentinel: Awaited<ReturnType<typeof startSentinel>>;
beforeAll(async () => {
  fixture = await startFixture({
    ...{ PROVISIONING_POLL_MS: '20', PROVISIONING_RETRY_MS: '10' },
    MONGODB_URIS: JSON.stringify({ eu: process.env.MONGODB_URI }),
  });
  const { env } = fixture.environment;
  [systemhealth, sentinel] = await Promise.all([startSystemHealth(env), startSentinel(env)]);
  await declared(fixture, subgraphs);
});
afterAll(async () => {
  await Promise.all([systemhealth?.stop(), sentinel?.stop()]);
  await fixture?.stop();
});

const owner = (tenantId: string) => ({ subject: 'per_owner', tenantId, permissions: planOf('owner') });

async function provisioned(slug: string): Promise<TenantRow> {
  const operator = { tenantId: 'ten_platform', permissions: ['tenant:create'] };
  const { data } = await fixture.execute(
    `mutation ($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } } }`,
    {
      viewer: operator,
      variables: { input: { name: slug, slug, idempotencyKey: `export-${slug}`, region: 'eu' } },
    },
  );
  const _id: string = data.createTenant.tenant.id;
  return eventually(
    async () => (await fixture.models.Tenant.findOne({ _id, status: 'ACTIVE' }).lean()) ?? false,
    { timeoutMs: 60_000 },
  );
}

const shown = 'id requestedBy finishedAt parts { subgraph isDone documents error path }';
const ask = (tenantId: string, query: string) => fixture.execute(query, { viewer: owner(tenantId) });

async function begin(tenantId: string): Promise<string> {
  const { data, errors } = await ask(tenantId, `mutation { exportTenant { export { ${shown} } } }`);
  expect(errors).toBeUndefined();
  return data.exportTenant.export.id;
}

const now = async (tenantId: string) =>
  (await ask(tenantId, `{ tenantExport { ${shown} } }`)).data.tenantExport;
const finished = (tenantId: string) =>
  eventually(
    async () => {
      const seen = await now(tenantId);
      return seen?.finishedAt ? seen : false;
    },
    { timeoutMs: 60_000 },
  );

async function fetchPart(subgraph: SubgraphName, exportId: string, viewer: Parameters<typeof testViewer>[0]) {
  const { url } = { arthemiz: fixture.running, sentinel, systemhealth }[subgraph];
  const passport = await fixture.environment.passport(testViewer(viewer), subgraph);
  return fetch(`${url}/exports/${exportId}`, { headers: { passport } });
}

/** Documents by model, as a reader of the file finds them. */
async function read(subgraph: SubgraphName, exportId: string, tenantId: string) {
  const response = await fetchPart(subgraph, exportId, owner(tenantId));
  expect(response.status).toBe(200);
  const text = gunzipSync(Buffer.from(await response.arrayBuffer())).toString();
  const lines = text.trimEnd().split('\n');
  const found: Record<string, Array<Record<string, unknown>>> = {};
  for (let at = 0; at < lines.length; ) {
    const heading = JSON.parse(lines[at] ?? '');
    expect(heading).toMatchObject({ exportId, subgraph });
    const documents = lines.slice(at + 1, at + 1 + heading.documents).map((line) => JSON.parse(line));
    found[heading.model] = [...(found[heading.model] ?? []), ...documents];
    at += 1 + documents.length;
  }
  return { found, text };
}

/** Regions in which arthemiz and Sentinel hold the tenant's chunks. */
const chunksIn = async (tenantId: string) =>
  (
    await Promise.all(
      [...fixture.service.regions, ...sentinel.service.regions].map(async ({ name, connection }) =>
        (await connection.db?.collection('export_chunks').countDocuments({ tenantId })) ? [name] : [],
      ),
    )
  ).flat();

describe("a tenant's export", () => {
  it('has every document of every subgraph once, no secret, and nothing of another tenant', async () => {
    const [tenant, other] = [await provisioned('leaves'), await provisioned('stays')];
    const person = await fixture.member(tenant);
    await fixture.member(other);
    await fixture.serviceClient({ tenant });
    // More than one batch, and a time series.
    const change = { rolesRemoved: [], permissionsRemoved: [], changedAt: new Date() };
    await inTenant(tenant._id, () =>
      fixture.models.GrantChange.insertMany(Array.from({ length: 1_100 }, () => ({ ...change }))),
    );
    const { Check, Result } = systemhealth.service.models;
    const samples = await inTenant(tenant._id, async () => {
      const check = await Check.findOne().orFail().lean();
      const at = new Date();
      const meta = { checkId: check._id, tenantId: tenant._id };
      await Result.insertMany(
        Array.from({ length: 250 }, (_, index) => ({ at, meta, isSuccess: true, latencyMs: index })),
      );
      return Result.find({ at }).lean();
    });

    const id = await begin(tenant._id);
    const { parts, requestedBy } = await finished(tenant._id);
    expect(requestedBy).toBe('per_owner');
    expect(parts).toMatchObject(
      subgraphs.map((subgraph) => ({
        ...{ subgraph, isDone: true, error: null },
        path: `/graphql/exports/${id}/${subgraph}`,
      })),
    );

    const arthemiz = await read('arthemiz', id, tenant._id);
    expect(arthemiz.found.Tenant).toMatchObject([{ _id: tenant._id, slug: 'leaves' }]);
    expect(arthemiz.found.Person).toMatchObject([{ _id: person._id, email: person.email }]);
    expect(
      new Set(arthemiz.found.GrantChange?.map(({ _id }) => JSON.stringify(_id))).size,
    ).toBeGreaterThanOrEqual(1_100);
    expect(arthemiz.found.ServiceClient).toHaveLength(1);
    expect(arthemiz.text).not.toMatch(/"secretHash":/);
    const health = await read('systemhealth', id, tenant._id);
    const exported = health.found.Result?.map(({ _id }) => JSON.stringify(_id)) ?? [];
    expect(new Set(exported).size).toBe(exported.length);
    for (const { _id } of samples) expect(exported).toContain(JSON.stringify({ $oid: String(_id) }));
    expect(health.found.KnownTenant).toMatchObject([{ _id: tenant._id }]);
    const watched = await read('sentinel', id, tenant._id);
    expect(watched.found.Baseline).toHaveLength(1);
    for (const { text } of [arthemiz, health, watched]) expect(text).not.toContain(other._id);
    for (const [index, { found }] of [arthemiz, watched, health].entries()) {
      const documents = Object.values(found).reduce((sum, each) => sum + each.length, 0);
      expect(parts[index].documents).toBe(documents);
    }
    expect(await chunksIn(tenant._id)).toEqual(['eu', 'eu']);
  });

  it('is for those who may export their own tenant, and for nobody of another', async () => {
    const [tenant, other] = [await provisioned('mine'), await provisioned('theirs')];
    const id = await begin(tenant._id);
    await finished(tenant._id);
    expect(await now(other._id)).toBeNull();
    expect((await fetchPart('sentinel', id, owner(other._id))).status).toBe(404);
    const operator = { tenantId: tenant._id, permissions: planOf('operator') };
    expect((await fetchPart('sentinel', id, operator)).status).toBe(403);
    for (const query of ['mutation { exportTenant { export { id } } }', '{ tenantExport { id } }']) {
      const { errors } = await fixture.execute(query, { viewer: operator });
      expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
    }
    // A passport for another subgraph is none.
    const passport = await fixture.environment.passport(testViewer(owner(tenant._id)), 'arthemiz');
    expect((await fetch(`${sentinel.url}/exports/${id}`, { headers: { passport } })).status).toBe(401);
  });

  it('is one at a time, waits for a subgraph that is away, and gives way to the next', async () => {
    const tenant = await provisioned('waits');
    await sentinel.stop();
    const [first, same] = await Promise.all([begin(tenant._id), begin(tenant._id)]);
    expect(same).toBe(first);
    await eventually(async () => (await now(tenant._id)).parts[0].isDone);
    expect((await now(tenant._id)).parts[1]).toMatchObject({
      subgraph: 'sentinel',
      isDone: false,
      path: null,
    });
    sentinel = await startSentinel(fixture.environment.env);
    await finished(tenant._id);
    const second = await begin(tenant._id);
    expect(second > first).toBe(true);
    await finished(tenant._id);
    expect((await fetchPart('sentinel', first, owner(tenant._id))).status).toBe(404);
    expect((await fetchPart('sentinel', second, owner(tenant._id))).status).toBe(200);
    // A request of long ago, as out of the dead letters, takes nothing away.
    const eu = sentinel.service.regions.find(({ name }) => name === 'eu')?.connection;
    const type = 'tenancy.export.requested.v1';
    const heard = async () => (await eu?.db?.collection('inbox').countDocuments({ type })) ?? 0;
    const before = await heard();
    await fixture.service.events.publish(type, {
      tenantId: tenant._id,
      data: {
        ...{ tenantId: tenant._id, exportId: first, subgraph: 'sentinel', batch: 1 },
        expiresAt: new Date(Date.now() + 60_000).toISOString(),
      },
    });
    await eventually(async () => (await heard()) > before);
    expect((await fetchPart('sentinel', second, owner(tenant._id))).status).toBe(200);
  });
});

describe('models of tenants', () => {
  /** All paths of a schema, those in subdocuments and lists too. */
  function pathsOf(schema: Schema, above = ''): string[] {
    return Object.entries(schema.paths).flatMap(([path, type]) => {
      const inner: Schema | undefined = type.schema;
      return [`${above}${path}`, ...(inner === undefined ? [] : pathsOf(inner, `${above}${path}.`))];
    });
  }

  it('declare as secret what is called so, and declare only fields that are there', () => {
    // By these hashes anybody can verify the trail.
    const isOfAuditTrail = (name: string, path: string) => name.startsWith('Audit') && path === 'hash';
    const looksSecret = /hash|secret|sealed|digest|password|token/i;
    for (const [name, owned] of Object.entries({ ...models, ...systemhealthModels, ...sentinelModels })) {
      if (!('tenantPath' in owned)) continue;
      const paths = pathsOf(owned.schema);
      const shownOf = paths.filter((path) => !owned.secret.some((each) => `${path}.`.startsWith(`${each}.`)));
      const suspect = shownOf.filter((path) => looksSecret.test(path) && !isOfAuditTrail(name, path));
      expect({ name, secret: suspect }).toEqual({ name, secret: [] });
      for (const each of owned.secret)
        expect({ name, paths }).toMatchObject({ paths: expect.arrayContaining([each]) });
    }
  });
});
