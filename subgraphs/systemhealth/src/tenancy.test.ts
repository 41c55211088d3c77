// Tenant A can neither read, write, count, subscribe to, nor learn the existence of what is tenant B's: for every
// model, and through the schema.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { acrossTenants, inTenant, TenancyError } from '@supergraph/chassis/tenancy';
import type { Model } from 'mongoose';
import { models } from './models.ts';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from './testing/platform.ts';

let platform: TestPlatform;
let copy: Copy;
beforeAll(async () => {
  platform = await testPlatform([]);
  copy = await platform.start();
});
afterAll(() => platform.stop());

const at = new Date('2026-01-31T09:30:00.000Z');
const farOff = new Date(Date.now() + 86_400_000);
const asA = <T>(work: () => PromiseLike<T> | T) => inTenant('ten_a', work);
const asB = <T>(work: () => PromiseLike<T> | T) => inTenant('ten_b', work);

const rollup = (mark: string) => ({
  ...{ at: new Date(), meta: { seriesId: `mts_${mark}` }, count: 1, sum: 1, min: 1, max: 1, increase: 0 },
  ...{ first: 1, firstAt: at, last: 1, lastAt: at },
});

/** One row of each model, as little as it takes; `mark` tells whose it is. */
const rows: Record<string, (mark: string) => object> = {
  Service: (mark) => ({ name: mark, createdAt: at }),
  Check: (mark) => ({
    ...{ serviceId: `svc_${mark}`, name: mark, kind: 'HTTP', isPaused: true, createdAt: at, dueAt: at },
    ...{ intervalMs: 60_000, timeoutMs: 50, downAfterMs: 0, upAfterMs: 0 },
    ...{ status: 'UP', statusSince: at },
  }),
  HealthEvent: (mark) => ({
    ...{ serviceId: `svc_${mark}`, checkId: `chk_${mark}`, message: mark },
    ...{ previousStatus: 'UP', status: 'DOWN', occurredAt: at },
    expiresAt: new Date(Date.now() + 86_400_000),
  }),
  AlertRule: (mark) => ({
    ...{
      name: mark,
      severity: 'INFO',
      forMs: 0,
      recoverForMs: 0,
      labels: [],
      isEnabled: false,
      createdAt: at,
    },
    ...{ condition: { checkStatus: { statuses: ['DOWN'], serviceIds: [], checkIds: [] } }, isUnseen: false },
  }),
  Alert: (mark) => ({
    ...{
      ruleId: `alr_${mark}`,
      fingerprint: mark,
      firstSequence: 1,
      labels: [],
      severity: 'INFO',
      summary: mark,
    },
    ...{ state: 'RESOLVED', isOpen: false, sequence: 3, observedAt: at, startedAt: at, transitions: [] },
  }),
  Silence: (mark) => ({
    ...{ matchers: [{ name: 'x', value: mark, isEqual: true }], startsAt: at, endsAt: at, comment: mark },
    ...{ createdBy: 'per_x', expiresAt: new Date(Date.now() + 86_400_000) },
  }),
  MaintenanceWindow: (mark) => ({ name: mark, serviceIds: [], startsAt: at, endsAt: at, createdBy: 'per_x' }),
  Inhibition: (mark) => ({ sourceMatchers: [], targetMatchers: [], equalLabels: [mark] }),
  NotificationPolicy: (mark) => ({ name: mark, groupBy: [], groupWaitMs: 0, steps: [] }),
  NotificationChannel: (mark) => ({
    ...{ name: mark, kind: 'EMAIL', target: mark, emails: [], isDefault: false, createdAt: at },
  }),
  Notification: (mark) => ({
    ...{ channelId: `nch_${mark}`, idempotencyKey: mark, sequence: 1, groupKey: mark, state: 'DELIVERED' },
    ...{ attempts: 1, createdAt: at, expiresAt: new Date(Date.now() + 86_400_000) },
  }),
  MetricSeries: (mark) => ({
    ...{ _id: `mts_${mark}`, metric: mark, labels: [], createdAt: at, latestMinute: at },
    expiresAt: new Date(Date.now() + 86_400_000),
  }),
  MetricSample: (mark) => ({ at: new Date(), meta: { seriesId: `mts_${mark}` }, value: 1 }),
  MetricMinute: (mark) => rollup(mark),
  MetricHour: (mark) => rollup(mark),
  Slo: (mark) => ({
    ...{
      document: mark,
      name: mark,
      serviceId: `svc_${mark}`,
      target: 0.9,
      createdAt: at,
      measureAt: farOff,
    },
    ...{
      indicator: { kind: 'CHECKS', serviceId: `svc_${mark}` },
      window: { kind: 'ROLLING', durationMs: 1 },
    },
    policy: [],
  }),
  SlaCredit: (mark) => ({ _id: mark, month: '2026-01', uptime: 0.9, creditBasisPoints: 1, grantedAt: at }),
  SloDay: (mark) => ({ _id: mark, sloId: `slo_${mark}`, at, expiresAt: farOff }),
  CheckHour: (mark) => ({
    ...{ _id: mark, checkId: `chk_${mark}`, serviceId: `svc_${mark}`, at, lastAt: at, expiresAt: farOff },
  }),
  Incident: (mark) => ({
    ...{ title: mark, severity: 'MINOR', status: 'RESOLVED', serviceIds: [], roles: [], actionItems: [] },
    ...{ alertIds: [], startedAt: at, detectedAt: at, sequence: 1, isPublic: true },
  }),
  IncidentEntry: (mark) => ({
    ...{ incidentId: `inc_${mark}`, sequence: 1, kind: 'OPENED', occurredAt: at, message: mark },
    ...{ isPublic: true, status: 'RESOLVED', expiresAt: farOff },
  }),
  StatusPage: (mark) => ({ _id: mark, slug: mark, title: mark, serviceIds: [], isOn: true }),
  Result: (mark) => ({ at, meta: { checkId: `chk_${mark}` }, isSuccess: true, latencyMs: 1, message: mark }),
};
/** Of these a tenant has one line, called by its id: that is tested by itself. */
const oneLine = ['MetricUsage', 'KnownTenant'];
const owned = Object.entries(models)
  .filter(([name]) => !oneLine.includes(name))
  .map(([name, model]) => ({ name, ...model }));

describe('the models', () => {
  it('are all a tenant’s', () => {
    expect(owned.map(({ name }) => name).sort()).toEqual(Object.keys(rows).sort());
    expect(Object.keys(models).filter((name) => !(name in rows))).toEqual(oneLine);
  });

  it('among them the list of tenants, in which each sees itself alone', async () => {
    const { KnownTenant } = copy.service.models;
    const knownSince = at;
    await asA(() => KnownTenant.create([{ knownSince }]));
    await asB(() => KnownTenant.create([{ knownSince }]));
    const seen = await asA(() => KnownTenant.find({ _id: { $in: ['ten_a', 'ten_b'] } }).lean());
    expect(seen.map(({ _id }) => _id)).toEqual(['ten_a']);
    const { MetricUsage } = copy.service.models;
    await asB(() => MetricUsage.create([{ refusedSamples: 1 }]));
    expect(await asA(() => MetricUsage.find().lean())).toEqual([]);
    expect(await asA(() => KnownTenant.deleteMany({ _id: 'ten_b' }))).toMatchObject({ deletedCount: 0 });
    await expect(asA(() => KnownTenant.create([{ _id: 'ten_c', knownSince }]))).rejects.toThrow(TenancyError);
    await expect(KnownTenant.find()).rejects.toThrow(TenancyError);
  });
});

describe.each(owned)('the model $name', ({ name, schema, tenantPath }) => {
  // Models differ in shape; what is done here, every one of them can do.
  const model = () =>
    Object.entries(copy.service.models).find(([each]) => each === name)?.[1] as unknown as Model<
      Record<string, unknown>
    >;
  const isTimeSeries = schema.get('timeseries') !== undefined;
  const row = (mark: string) => rows[name]?.(mark) ?? {};
  const everything = () =>
    acrossTenants('looking in a test', async () =>
      (await model().find().lean()).map((each) => JSON.stringify(each)).sort(),
    );

  beforeEach(async () => {
    await acrossTenants('clearing in a test', () => model().deleteMany({}));
    await asA(() => model().insertMany([row('a-1'), row('a-2')]));
    await asB(() => model().insertMany([row('b-1')]));
  });

  it('is read and counted within the tenant alone', async () => {
    const foreignIds = await asB(() => model().distinct('_id'));
    expect(foreignIds).toHaveLength(1);
    await asA(async () => {
      const seen = [
        await model().find().lean(),
        await model()
          .find({ [tenantPath]: 'ten_b' })
          .lean(),
        await model()
          .find()
          .or([{ _id: { $in: foreignIds } }, { [tenantPath]: { $ne: 'ten_a' } }])
          .lean(),
        await model().aggregate([{ $match: { _id: { $in: foreignIds } } }]),
        await model().aggregate().unionWith({ coll: model().collection.name, pipeline: [] }),
        await model().distinct(tenantPath),
      ];
      expect(JSON.stringify(seen)).not.toMatch(/b-1"|ten_b/);
      expect(await model().exists({ _id: { $in: foreignIds } })).toBeNull();
      expect(await model().countDocuments()).toBe(2);
      expect(await model().estimatedDocumentCount()).toBe(2);
      expect(await model().countDocuments({ _id: { $in: foreignIds } })).toBe(0);
    });
  });

  it('is changed within the tenant alone', async () => {
    const before = await everything();
    const [foreignId] = await asB(() => model().distinct('_id'));
    await asA(async () => {
      expect(await model().deleteMany({ [tenantPath]: 'ten_b' })).toMatchObject({ deletedCount: 0 });
      const stolen = ownedBy('ten_b', tenantPath, row('a-3'));
      await expect(model().insertMany([stolen])).rejects.toThrow(TenancyError);
      await expect(model().create([stolen])).rejects.toThrow(TenancyError);
      if (isTimeSeries) return; // its rows can be added and deleted, nothing else
      const change = {
        $set: {
          name: 'stolen',
          message: 'stolen',
          comment: 'stolen',
          error: 'stolen',
          title: 'stolen',
          month: 'stolen',
          expiresAt: farOff,
          equalLabels: ['stolen'],
          lateMarks: 99,
        },
      };
      expect(await model().updateMany({ _id: foreignId }, change)).toMatchObject({ matchedCount: 0 });
      expect(await model().findByIdAndUpdate(foreignId, change)).toBeNull();
      expect(await model().findByIdAndDelete(foreignId)).toBeNull();
      const bulk = await model().bulkWrite([{ deleteOne: { filter: { _id: foreignId } } }]);
      expect(bulk.deletedCount).toBe(0);
      expect(() => model().collection.updateMany({}, { $set: { [tenantPath]: 'ten_b' } })).toThrow(
        TenancyError,
      );
    });
    expect(await everything()).toEqual(before);
  });

  it('is closed to work that names no tenant', async () => {
    await expect(model().find()).rejects.toThrow(TenancyError);
    await expect(model().countDocuments()).rejects.toThrow(TenancyError);
    await expect(model().insertMany([row('c-1')])).rejects.toThrow();
    await expect(model().deleteMany({})).rejects.toThrow(TenancyError);
  });
});

describe('through the schema', () => {
  const ask = (query: string, variables: object) =>
    platform.execute(copy, { query, variables, viewer: operatorOf('ten_a') });

  it('what is another tenant’s is told apart from what never was by nothing', async () => {
    const [serviceId, checkId] = await asB(async () => {
      const { Service, Check } = copy.service.models;
      const service = await Service.create({ name: 'hidden', createdAt: at });
      const [check] = await Check.insertMany([{ ...rows.Check?.('hidden'), serviceId: service._id }]);
      return [service._id, String(check?._id)];
    });
    const input = { name: 'x', kind: 'TCP', target: 'tcp://192.0.2.1:9' };
    const questions: Array<(ids: { service: string; check: string }) => [string, object]> = [
      ({ service }) => ['query ($id: ID!) { service(id: $id) { name } }', { id: service }],
      ({ service, check }) => [
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Service { name } ... on Check { name } } }',
        {
          r: [
            { __typename: 'Service', id: service },
            { __typename: 'Check', id: check },
          ],
        },
      ],
      ({ service }) => [
        'mutation ($input: CreateCheckInput!) { createCheck(input: $input) { check { id } errors { __typename message } } }',
        { input: { ...input, serviceId: service } },
      ],
      ...['pauseCheck', 'resumeCheck', 'deleteCheck'].map(
        (name) =>
          ({ check }: { check: string }): [string, object] => [
            `mutation ($id: ID!) { ${name}(input: { id: $id }) { errors { __typename message } } }`,
            { id: check },
          ],
      ),
    ];
    for (const question of questions) {
      const foreign = await ask(...question({ service: serviceId ?? '', check: checkId ?? '' }));
      expect(foreign).toEqual(await ask(...question({ service: 'svc_never', check: 'chk_never' })));
      expect(JSON.stringify(foreign)).not.toContain('hidden');
    }
  });

  it('a cursor of another tenant’s list leads to one’s own alone', async () => {
    const query = 'query ($after: String) { services(after: $after) { edges { cursor node { name } } } }';
    await asA(() => copy.service.models.Service.create({ name: 'own', createdAt: at }));
    const theirs = await platform.execute(copy, { query, viewer: operatorOf('ten_b') });
    const after = theirs.data.services.edges[0].cursor;
    const { data } = await ask(query, { after });
    for (const { node } of data.services.edges) expect(node.name).not.toMatch(/hidden|b-1/);
  });
});

function ownedBy(owner: string, path: string, row: object): object {
  const [head = path, ...rest] = path.split('.');
  const inner = rest.length === 0 ? owner : ownedBy(owner, rest.join('.'), Reflect.get(row, head) ?? {});
  return { ...row, [head]: inner };
}
