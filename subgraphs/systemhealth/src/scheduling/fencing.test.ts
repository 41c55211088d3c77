// What happens to a result whose lease is gone by the time it comes.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { type Claim, claimDue } from './claims.ts';
import { createRecorder } from './recorder.ts';

let platform: TestPlatform;
let copy: Copy;
beforeAll(async () => {
  // Knows no part of the platform, so its own scheduler leaves the checks of this test alone.
  platform = await testPlatform([]);
  copy = await platform.start();
});
afterAll(() => platform.stop());
afterEach(() => inTenant('ten_a', () => copy.service.models.Check.deleteMany({})));

const slugs = ['part'];

async function arrange(count: number): Promise<void> {
  const createdAt = new Date(Date.now() - 1_000);
  const rows = Array.from({ length: count }, (_, index) => ({
    serviceId: 'svc_1',
    name: `Part ${index}`,
    kind: 'HTTP' as const,
    platformSlug: index === 0 ? 'part' : `part-${index}`,
    intervalMs: 100,
    timeoutMs: 50,
    downAfterMs: 0,
    upAfterMs: 0,
    createdAt,
    dueAt: createdAt,
    status: 'UP' as const,
    statusSince: createdAt,
  }));
  await inTenant('ten_a', () => copy.service.models.Check.insertMany(rows));
}

function claim(limit: number, now = Date.now()): Promise<readonly Claim[]> {
  const known = [...slugs, ...Array.from({ length: 20 }, (_, index) => `part-${index}`)];
  return acrossTenants('claiming in a test', async () => {
    const { claims } = await claimDue(copy.service, {
      owner: 'test',
      now,
      room: { free: limit, concurrency: 1_000, running: new Map() },
      slugs: known,
    });
    return claims;
  });
}

const failure = () => ({ at: Date.now(), isSuccess: false, latencyMs: 1, message: 'connection refused' });
const success = () => ({ at: Date.now(), isSuccess: true, latencyMs: 1, message: null });
const results = () => acrossTenants('looking in a test', () => copy.service.models.Result.countDocuments());

const down = () => [failure(), { ...failure(), at: Date.now() + 1 }];

/** Whose changes are stored, and of whose events were emitted: the checks' ids. */
async function told() {
  const changes = await acrossTenants('looking in a test', () =>
    copy.service.models.HealthEvent.find({}, { checkId: 1 }).lean(),
  );
  const entries = await copy.service.connection
    .collection('outbox')
    .find({ 'event.type': 'systemhealth.check.changed.v1' })
    .toArray();
  return {
    changes: changes.map(({ checkId }) => checkId),
    events: entries.map(({ event }) => String(event.subject)),
  };
}

type Told = Awaited<ReturnType<typeof told>>;

/** Of each check as often as it was told; checks of one test are in no other. */
function since(before: Told, after: Told): Told {
  const fresh = (earlier: string[], later: string[]) => later.filter((id) => !earlier.includes(id)).sort();
  return {
    changes: fresh(before.changes, after.changes),
    events: fresh(before.events, after.events),
  };
}

describe('claims', () => {
  it('never overlap, however many copies ask at once, and take no more than they may', async () => {
    await arrange(12);
    // Many rounds, because a race shows only when one copy reads between another's two steps.
    for (let round = 1; round <= 40; round += 1) {
      const now = Date.now() + round * 60_000; // the leases of the round before have ended
      const claimed = await Promise.all(
        Array.from({ length: 6 }, async (_, turns) => {
          for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          return claim(5, now);
        }),
      );
      for (const claims of claimed) expect(claims.length).toBeLessThanOrEqual(5);
      const ids = claimed.flat().map(({ check }) => check._id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeGreaterThan(0);
      const rest = await claim(64, now);
      expect(new Set([...ids, ...rest.map(({ check }) => check._id)]).size).toBe(12);
      expect(await claim(64, now)).toEqual([]);
    }
  });

  it('leave paused checks and unknown parts alone', async () => {
    await arrange(1);
    const nothing = await acrossTenants('claiming in a test', () =>
      claimDue(copy.service, {
        owner: 'test',
        now: Date.now(),
        room: { free: 10, concurrency: 64, running: new Map() },
        slugs: [],
      }),
    );
    expect(nothing.claims).toEqual([]);
    await inTenant('ten_a', () => copy.service.models.Check.updateMany({}, { $set: { isPaused: true } }));
    expect(await claim(10)).toEqual([]);
  });

  it('can be taken again once their lease has ended', async () => {
    await arrange(1);
    const [first] = await claim(1);
    expect(await claim(1)).toEqual([]);
    const [second] = await claim(1, (first?.leaseEndsAt ?? 0) + 1);
    expect(second?.check._id).toBe(first?.check._id);
    expect(second?.token).not.toBe(first?.token);
  });
});

describe('a late result', () => {
  it('is dropped when another copy has the lease; the other’s is kept, each sample once', async () => {
    await arrange(2);
    const late = await claim(2);
    const [current] = await claim(1, Date.now() + 60_000);
    const recorder = createRecorder(copy.service);
    const before = await results();
    const nextDueAt = await Promise.all(late.map((each) => recorder.record(each, [success()])));
    const lostIndex = late.findIndex(({ check }) => check._id === current?.check._id);
    expect(nextDueAt[lostIndex]).toBeNull();
    expect(nextDueAt[1 - lostIndex]).toEqual(expect.any(Number));
    expect(await results()).toBe(before + 1);
    if (current === undefined) throw new Error('One check was claimed again.');
    expect(await recorder.record(current, [success()])).toEqual(expect.any(Number));
    expect(await results()).toBe(before + 2);
  });

  it('changes no status and tells nobody', async () => {
    await arrange(1);
    const [lost] = await claim(1);
    const watch = await platform.watch(copy, { viewer: operatorOf('ten_a') });
    const [current] = await claim(1, Date.now() + 60_000);
    if (lost === undefined || current === undefined) throw new Error('The check was claimed twice.');
    const recorder = createRecorder(copy.service);
    expect(await recorder.record(lost, down())).toBeNull();
    expect(await recorder.record(current, down())).toEqual(expect.any(Number));
    expect(await watch.next()).toMatchObject({ status: 'DOWN' });
    const events = await acrossTenants('looking in a test', () =>
      copy.service.models.HealthEvent.countDocuments(),
    );
    expect(events).toBe(1);
  });

  it('is left out alone of changes that are committed together', async () => {
    await arrange(12);
    const late = await claim(12);
    const [current] = await claim(1, Date.now() + 60_000);
    const before = await told();
    const recorder = createRecorder(copy.service);
    const nextDueAt = await Promise.all(late.map((each) => recorder.record(each, down())));
    const lost = late.filter((_, index) => nextDueAt[index] === null).map(({ check }) => check._id);
    expect(lost).toEqual([current?.check._id]);
    const kept = late.map(({ check }) => check._id).filter((id) => id !== current?.check._id);
    expect(since(before, await told())).toEqual({ changes: kept.sort(), events: kept.sort() });
  });
});

describe('a change that cannot be told', () => {
  it('fails alone, and those that came with it are told once each', async () => {
    await arrange(9);
    const claims = await claim(9);
    const before = await told();
    const recorder = createRecorder(copy.service);
    const poison = claims[4]?.check._id;
    const outcomes = await Promise.allSettled(
      claims.map((each) => {
        const message = each.check._id === poison ? 'x'.repeat(100_000) : 'connection refused';
        return recorder.record(
          each,
          down().map((observation) => ({ ...observation, message })),
        );
      }),
    );
    expect(outcomes.map(({ status }) => status === 'rejected')).toEqual(
      claims.map(({ check }) => check._id === poison),
    );
    const others = claims.map(({ check }) => check._id).filter((id) => id !== poison);
    expect(since(before, await told())).toEqual({ changes: others.sort(), events: others.sort() });
  });
});
