// Denied fields become facts for sentinel.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { type Platform, startPlatform } from '../testing/platform.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform({ bounds: { denials: { retryMs: 20 } } });
  await platform.subgraphs.sentinel.consuming;
});
afterAll(() => platform?.stop());

/** What sentinel has stored for the tenant, as one who may read it sees it. */
async function stored(tenantId: string) {
  const token = await platform.token({ tenantId, permissions: ['security-event:read'] });
  const query =
    '{ securityEvents(first: 100) { nodes { type operationName coordinates clientId occurredAt requestId count } } }';
  const { data } = await platform.query(query, { token });
  return data.securityEvents.nodes as Array<Record<string, unknown>>;
}

/** How many denials sentinel has been told of, in however many events. */
async function told(tenantId: string): Promise<number> {
  return (await stored(tenantId)).reduce((sum, { count }) => sum + Number(count), 0);
}

async function nobodyIn(tenantId: string) {
  return platform.token({ tenantId, subject: 'per_nobody' });
}

describe('a denied field', () => {
  it('is told once for an operation, however often it was asked in it', async () => {
    const { _id: tenantId } = await platform.tenant();
    const query =
      'query Snoop { a: tenant { name } b: tenant { name slug } services { nodes { id } } viewer { id } }';
    const token = await nobodyIn(tenantId);
    const headers = { 'x-request-id': 'snoop-1' };
    const { errors } = await platform.query(query, { token, headers });
    expect(errors).toHaveLength(3);
    const [event] = await eventually(
      async () => (await stored(tenantId)).length > 0 && (await stored(tenantId)),
    );
    expect(event).toMatchObject({
      type: 'FIELD_DENIED',
      operationName: 'Snoop',
      clientId: 'explorer',
      coordinates: ['Query.tenant', 'Query.services'],
      requestId: 'snoop-1',
      count: 1,
    });
    expect(await stored(tenantId)).toHaveLength(1);
  });

  it('that was skipped or stands where nothing is, is not told', async () => {
    const { _id: tenantId } = await platform.tenant();
    const token = await nobodyIn(tenantId);
    const query =
      'query ($no: Boolean!) { viewer { id person { email } } services @include(if: $no) { nodes { id } } }';
    const { errors } = await platform.query(query, { token, variables: { no: false } });
    expect(errors).toBeUndefined();
    await platform.query('query Later { tenant { name } }', { token });
    const [event] = await eventually(
      async () => (await stored(tenantId)).length > 0 && (await stored(tenantId)),
    );
    expect(event).toMatchObject({ operationName: 'Later' });
    expect(await stored(tenantId)).toHaveLength(1);
  });

  it('of an anonymous viewer belongs to the platform', async () => {
    await platform.query('query Stranger { tenant { name } }');
    await eventually(async () => {
      const events = await stored('ten_platform');
      return events.some(({ operationName }) => operationName === 'Stranger');
    });
  });

  it('of anonymous viewers is told in a sample: sixty at once, then about one a second', async () => {
    const at = await platform.startGateway();
    const dropped = () => platform.metric(at, 'gateway_denial_reports_dropped_total');
    const count = () => platform.metric(at, 'gateway_fields_denied_total', { coordinate: 'Query.tenant' });
    const startedAt = performance.now();
    for (let number = 0; number < 80; number += 1)
      await platform.query(`query Stranger${number} { tenant { name } }`, { at });
    const most = 60 + Math.ceil((performance.now() - startedAt) / 1000);
    expect(80 - (await dropped())).toBeGreaterThanOrEqual(60);
    expect(80 - (await dropped())).toBeLessThanOrEqual(most);
    // What is not told is counted all the same.
    expect(await count()).toBe(80);
    let again = 0;
    await eventually(async () => {
      const before = await dropped();
      again += 1;
      await platform.query(`query Again${again} { tenant { name } }`, { at });
      return (await dropped()) === before;
    });
    const lost = await dropped();
    await at.stop();
    // What is not told one by one is told as a gap.
    const token = await platform.token({ tenantId: 'ten_platform', permissions: ['security-event:read'] });
    await eventually(async () => {
      const { data } = await platform.query('{ eventGaps(first: 10) { nodes { source reason count } } }', {
        token,
      });
      const gaps: { reason: string; count: number }[] = data.eventGaps.nodes;
      const counted = gaps.filter(({ reason }) => reason === 'SAMPLED').map(({ count }) => count);
      return counted.reduce((sum, each) => sum + each, 0) >= lost;
    });
  });

  it('of viewers who signed in is always told', async () => {
    const { _id: tenantId } = await platform.tenant();
    const at = await platform.startGateway();
    const token = await nobodyIn(tenantId);
    for (let number = 0; number < 80; number += 1)
      await platform.query(`query Always${number} { tenant { name } }`, { at, token });
    await eventually(async () => (await stored(tenantId)).length === 80);
    expect(await platform.metric(at, 'gateway_denial_reports_dropped_total')).toBe(0);
    await at.stop();
  });

  it('that is asked again and again is told at once, and then once a second with how often', async () => {
    const { _id: tenantId } = await platform.tenant();
    const at = await platform.startGateway();
    const [token, another] = [await nobodyIn(tenantId), await platform.token({ tenantId })];
    const startedAt = performance.now();
    for (let number = 0; number < 60; number += 1) await platform.query('{ tenant { name } }', { at, token });
    const seconds = Math.ceil((performance.now() - startedAt) / 1000);
    // Neither another viewer's nor what else is denied counts as equal.
    await platform.query('{ tenant { name } }', { at, token: another });
    await platform.query('{ tenant { slug } roles { id } }', { at, token });
    await eventually(async () => (await told(tenantId)) === 62);
    const events = await stored(tenantId);
    expect(events.length).toBeLessThanOrEqual(2 + 1 + seconds);
    expect(events.at(-1)).toMatchObject({ count: 1, coordinates: ['Query.tenant'] });
    await at.stop();
  });

  it('that is counted when a gateway stops is told before it has stopped', async () => {
    const { _id: tenantId } = await platform.tenant();
    const at = await platform.startGateway({}, { denials: { gatherMs: 600_000 } });
    const token = await nobodyIn(tenantId);
    for (let number = 0; number < 5; number += 1) await platform.query('{ tenant { name } }', { at, token });
    await eventually(async () => (await told(tenantId)) === 1);
    await at.stop();
    await eventually(async () => (await told(tenantId)) === 5);
  });

  it('is told early where more are counted than fit', async () => {
    const { _id: tenantId } = await platform.tenant();
    const at = await platform.startGateway({}, { denials: { gatherMs: 600_000, maximumGathered: 2 } });
    const token = await nobodyIn(tenantId);
    for (const name of ['A', 'A', 'A', 'B', 'B', 'C'])
      await platform.query(`query ${name} { tenant { name } }`, { at, token });
    const counts = async () =>
      (await stored(tenantId)).map(({ operationName, count }) => `${operationName}${count}`).sort();
    await eventually(async () => (await stored(tenantId)).length === 4);
    expect(await counts()).toEqual(['A1', 'A2', 'B1', 'C1']);
    await at.stop();
    await eventually(async () => (await told(tenantId)) === 6);
  });

  it('is counted by its coordinate', async () => {
    const before = await platform.metric(platform.gateway, 'gateway_fields_denied_total', {
      coordinate: 'Query.roles',
    });
    await platform.query('{ roles { id } }', { token: await platform.token() });
    const after = await platform.metric(platform.gateway, 'gateway_fields_denied_total', {
      coordinate: 'Query.roles',
    });
    expect(after - before).toBe(1);
  });
});

describe('while RabbitMQ is away', () => {
  const waiting = (at = platform.gateway) => platform.metric(at, 'gateway_denial_reports_waiting');

  it('answers do not wait, and each report arrives later, once, with the time at which it happened', async () => {
    const { _id: tenantId } = await platform.tenant();
    const token = await nobodyIn(tenantId);
    await platform.links.rabbitmq.cut();
    const names = Array.from({ length: 60 }, (_, index) => `Cut${index}`);
    await Promise.all(names.map((name) => platform.query(`query ${name} { tenant { name } }`, { token })));
    expect(await waiting()).toBeGreaterThan(0);
    expect((await fetch(`${platform.gateway.url}/health/ready`)).status).toBe(200);
    const restoredAt = Date.now();
    await platform.links.rabbitmq.restore();
    const events = await eventually(
      async () => (await stored(tenantId)).length >= names.length && (await stored(tenantId)),
      { timeoutMs: 60_000 },
    );
    expect(events.map(({ operationName }) => operationName).sort()).toEqual([...names].sort());
    for (const { occurredAt } of events)
      expect(new Date(String(occurredAt)).getTime()).toBeLessThan(restoredAt);
  });

  it('no more are kept than fit, and the oldest give way', async () => {
    const { _id: tenantId } = await platform.tenant();
    const token = await nobodyIn(tenantId);
    await platform.links.rabbitmq.cut();
    const gateway = await platform.startGateway({}, { denials: { maximumKept: 3, retryMs: 20 } });
    const ask = (number: number) =>
      platform.query(`query Kept${number} { tenant { name } }`, { token, at: gateway });
    // Fifty are under way to RabbitMQ at a time.
    await Promise.all(Array.from({ length: 56 }, (_, number) => ask(number)));
    expect(await waiting(gateway)).toBe(3);
    expect(await platform.metric(gateway, 'gateway_denial_reports_dropped_total')).toBe(3);
    await platform.links.rabbitmq.restore();
  });

  it('a flood of one tenant pushes out nobody else’s', async () => {
    const [{ _id: loud }, { _id: quiet }] = await Promise.all([platform.tenant(), platform.tenant()]);
    await platform.links.rabbitmq.cut();
    const gateway = await platform.startGateway({}, { denials: { maximumKept: 10, retryMs: 20 } });
    const ask = async (tenantId: string, name: string) => {
      const token = await nobodyIn(tenantId);
      await platform.query(`query ${name} { tenant { name } }`, { token, at: gateway });
    };
    await ask(quiet, 'Quiet');
    await Promise.all(Array.from({ length: 100 }, (_, number) => ask(loud, `Loud${number}`)));
    expect(await waiting(gateway)).toBe(10);
    await platform.links.rabbitmq.restore();
    await eventually(async () => (await stored(quiet)).length === 1, { timeoutMs: 60_000 });
  });
});

it('a report that can never be sent is dropped, and those after it arrive', async () => {
  const { _id: tenantId } = await platform.tenant();
  const absurd = await platform.token({ tenantId, subject: 'x'.repeat(300) });
  expect((await platform.query('{ tenant { name } }', { token: absurd })).status).toBe(200);
  await platform.query('query After { tenant { name } }', { token: await nobodyIn(tenantId) });
  await eventually(async () => (await stored(tenantId)).length === 1);
  expect(await platform.metric(platform.gateway, 'gateway_denial_reports_dropped_total')).toBe(1);
});
