// Checks run where their tenant's data lies, and go on after it has moved.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant, platformTenantId } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { models } from './models.ts';
import { type Copy, type TestPlatform, testPlatform } from './testing/platform.ts';
import { startTarget, type Target } from './testing/target.ts';

const tenantId = 'ten_resident';
let target: Target;
let platform: TestPlatform;
let copy: Copy;

beforeAll(async () => {
  target = await startTarget();
  platform = await testPlatform([{ slug: 'part', name: 'Part', kind: 'HTTP', url: target.url }], {
    MONGODB_URIS: JSON.stringify({ eu: process.env.MONGODB_URI }),
  });
  copy = await platform.start();
  await copy.consuming;
});
afterAll(async () => {
  await platform.stop();
  await target.stop();
});

/** How many documents each model has of the tenant in a region's database. */
async function holdings(region: string): Promise<Record<string, number>> {
  const connection = copy.service.regions.find(({ name }) => name === region)?.connection;
  const counts = Object.entries(copy.service.models).map(async ([name, { collection }]) => {
    const path = Object.entries(models).find(([each]) => each === name)?.[1].tenantPath ?? '';
    const documents = connection?.db?.collection(collection.name);
    return [name, (await documents?.find({ [path]: tenantId }).toArray())?.length ?? 0];
  });
  return Object.fromEntries(await Promise.all(counts));
}

const none = {
  ...{ Alert: 0, Silence: 0, MaintenanceWindow: 0, Inhibition: 0 },
  ...{ NotificationPolicy: 0, NotificationChannel: 0, Notification: 0, Slo: 0, SloDay: 0, SlaCredit: 0 },
  ...{ Incident: 0, IncidentEntry: 0, StatusPage: 0 },
};
const noMetrics = { MetricSeries: 0, MetricSample: 0, MetricMinute: 0, MetricHour: 0, MetricUsage: 0 };
const nothing = {
  ...none,
  ...noMetrics,
  CheckHour: 0,
  Service: 0,
  Check: 0,
  HealthEvent: 0,
  Result: 0,
  KnownTenant: 0,
  AlertRule: 0,
};
const resultsSeen = () => inTenant(tenantId, () => copy.service.models.Result.countDocuments());

describe('a tenant of another region', () => {
  it('has its checks, their results and their history there and nowhere else', async () => {
    const step = {
      subgraph: 'systemhealth',
      step: 'default-checks',
      action: 'provision',
      sequence: 1,
    } as const;
    await copy.service.events.publish('tenancy.step.requested.v1', {
      tenantId,
      data: { ...step, tenantId, slug: 'resident', name: 'Resident', region: 'eu' },
    });
    await eventually(async () =>
      expect(await holdings('eu')).toEqual({
        ...{ ...none, Service: 1, Check: 1, HealthEvent: 1, KnownTenant: 1, AlertRule: 1 },
        ...{ Result: expect.any(Number), MetricSample: expect.any(Number) },
        ...{ MetricSeries: 2, MetricUsage: 1, MetricMinute: expect.any(Number), MetricHour: 0 },
        CheckHour: 1,
      }),
    );
    await eventually(async () => expect(await resultsSeen()).toBeGreaterThan(2));
    expect(await holdings('default')).toEqual(nothing);
  });

  it('takes all of it along when it moves, and its checks go on', async () => {
    const before = await resultsSeen();
    await copy.service.events.publish('tenancy.move.requested.v1', {
      tenantId: platformTenantId,
      data: { tenantId, region: 'default', sequence: 1 },
    });
    const ended = () =>
      copy.service.connection.collection('residences').findOne({ 'ended.sequence': 1, 'ended.error': null });
    await eventually(async () => expect(await ended()).not.toBeNull());
    expect(await holdings('eu')).toEqual(nothing);
    const here = await holdings('default');
    expect(here).toMatchObject({ Service: 1, Check: 1, HealthEvent: 1, KnownTenant: 1, MetricSeries: 2 });
    expect(here.Result).toBeGreaterThanOrEqual(before);
    await eventually(async () => expect(await resultsSeen()).toBeGreaterThan((here.Result ?? 0) + 2));
  });
});
