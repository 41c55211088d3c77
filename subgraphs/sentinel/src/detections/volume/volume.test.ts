// Hours that are unusual, whatever the order in which their events come: through the platform.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import fc from 'fast-check';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../../testing/platform.ts';

let platform: TestPlatform;
let copy: Copy;
beforeAll(async () => {
  platform = await testPlatform();
  copy = await platform.start();
});
afterAll(() => platform?.stop());

async function ask(tenantId: string, query: string) {
  const { data, errors } = await platform.execute(copy, { query, viewer: operatorOf(tenantId) });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

interface Denied {
  hour: number;
  count: number;
}

const hourMs = 3_600_000;
const start = Math.floor(Date.now() / hourMs) * hourMs - 22 * hourMs;
const deniedIn = (hour: number, count: number): Denied => ({ hour, count });

let tenants = 0;
/** What is found of them once all have come, one part after the other. */
async function outcome(parts: readonly (readonly Denied[])[]) {
  tenants += 1;
  const tenantId = `ten_volume${tenants}`;
  let told = 0;
  for (const part of parts) {
    for (const { hour, count } of part) {
      const time = new Date(start + hour * hourMs + 60_000 + told).toISOString();
      await platform.tell('gateway.field.denied.v1', { tenantId, time, sampledrate: count });
    }
    told += part.length;
    await eventually(
      async () =>
        (await ask(tenantId, '{ securityEvents(first: 100) { nodes { id } } }')).securityEvents.nodes
          .length === told,
    );
  }
  const query = `{ findings(filter: { ruleId: "unusual-volume" }) { nodes { id subjects { value } evidenceCount
    evidence(first: 50) { nodes { occurredAt securityEvent { count } } } } } }`;
  const nodes: Finding[] = (await ask(tenantId, query)).findings.nodes;
  const found = nodes.map(({ subjects, evidenceCount, evidence }) => ({
    ...{ subject: subjects[0]?.value, evidenceCount },
    hours: evidence.nodes.map(({ occurredAt, securityEvent }) => ({
      hour: Math.floor((Date.parse(occurredAt) - start) / hourMs),
      count: securityEvent.count,
    })),
  }));
  return { tenantId, ids: nodes.map(({ id }) => id), found: found.sort(byHour) };
}

interface Finding {
  id: string;
  subjects: { value: string }[];
  evidenceCount: number;
  evidence: { nodes: { occurredAt: string; securityEvent: { count: number } }[] };
}
const byHour = (one: { hours: Denied[] }, other: { hours: Denied[] }) =>
  (one.hours[0]?.hour ?? 0) - (other.hours[0]?.hour ?? 0);

const calm = Array.from({ length: 13 }, (_, hour) => deniedIn(hour, 3));
/** Thirteen calm hours, three of which the middle one alone is nothing unusual after the first, and some in between. */
const night = [...calm, deniedIn(13, 300), deniedIn(13, 200), deniedIn(14, 20), deniedIn(16, 400)];

describe('an unusual hour', () => {
  it('is found with all of its events, the same in whatever order they come', async () => {
    const { found } = await outcome([night]);
    expect(found).toEqual([
      {
        ...{ subject: 'per_olivia', evidenceCount: 2 },
        hours: [
          { hour: 13, count: 300 },
          { hour: 13, count: 200 },
        ],
      },
      { subject: 'per_olivia', evidenceCount: 1, hours: [{ hour: 16, count: 400 }] },
    ]);
    const orders = fc.sample(fc.shuffledSubarray(night, { minLength: night.length }), {
      seed: 7,
      numRuns: 3,
    });
    for (const order of [[...night].reverse(), ...orders]) {
      const half = Math.ceil(order.length / 2);
      const mixed = await outcome([order.slice(0, 3), order.slice(3, half), order.slice(half)]);
      expect(mixed.found.map(({ hours, ...each }) => ({ ...each, hours: new Set(keys(hours)) }))).toEqual(
        found.map(({ hours, ...each }) => ({ ...each, hours: new Set(keys(hours)) })),
      );
    }
  });

  it('is none any more once late events show that it was usual', async () => {
    const busy = Array.from({ length: 14 }, (_, hour) => deniedIn(hour - 16, 500));
    const { found, ids } = await outcome([[...calm, deniedIn(13, 300)]]);
    expect(found).toHaveLength(1);
    expect(ids).toHaveLength(1);
    expect((await outcome([[...calm, deniedIn(13, 300)], busy])).found).toEqual([]);
    expect((await outcome([busy, [...calm, deniedIn(13, 300)]])).found).toEqual([]);
  });

  it('is found again when it is replayed', async () => {
    const { tenantId, ids } = await outcome([[...calm, deniedIn(13, 300)]]);
    const replay = `mutation { replayFinding(input: { id: "${ids[0]}" }) { outcome eventCount missingCount } }`;
    expect((await ask(tenantId, replay)).replayFinding).toEqual({
      ...{ outcome: 'SAME', eventCount: 1, missingCount: 0 },
    });
  });
});

const keys = (hours: readonly Denied[]) => hours.map(({ hour, count }) => `${hour} ${count}`);
