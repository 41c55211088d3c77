import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, sumOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { startTarget, type Target } from '../testing/target.ts';

const viewer = operatorOf('ten_a');
let target: Target;
let platform: TestPlatform;

beforeEach(async () => {
  target = await startTarget();
  platform = await testPlatform([{ slug: 'web', name: 'Web', kind: 'HTTP', url: `${target.url}/web` }]);
});
afterEach(async () => {
  await platform.stop();
  await target.stop();
});

describe('a watched part of the platform', () => {
  it('tells a subscriber that it went DOWN and came UP again', async () => {
    const copy = await platform.start();
    const watch = await platform.watch(copy, {
      viewer,
      selection:
        'id status previousStatus occurredAt message latencyMs service { name status } check { name isPaused } tenant { __typename id }',
    });
    await platform.createTenant(copy, 'ten_a');
    expect(await watch.next()).toMatchObject({
      previousStatus: 'UNKNOWN',
      status: 'UP',
      message: 'HTTP status 200',
      service: { name: 'Web', status: 'UP' },
      check: { name: 'Web', isPaused: false },
      tenant: { __typename: 'Tenant', id: 'ten_a' },
    });
    await target.stop();
    const down = await watch.next();
    expect(down).toMatchObject({ previousStatus: 'UP', status: 'DOWN', message: 'connection refused' });
    expect(down.service.status).toBe('DOWN');
    await target.start();
    expect(await watch.next()).toMatchObject({ previousStatus: 'DOWN', status: 'UP' });
  });

  it('has its results and its changes recorded, newest first, in pages', async () => {
    const copy = await platform.start();
    await platform.createTenant(copy, 'ten_a');
    const query = `query ($after: String) { services { nodes { statusSince
      events(first: 1) { nodes { status latencyMs } pageInfo { hasNextPage } }
      checks { target intervalMs timeoutMs downAfterMs upAfterMs statusSince latestResult { observedAt isSuccess }
        results(first: 2, after: $after) { edges { cursor node { observedAt } } nodes { isSuccess latencyMs message } pageInfo { hasNextPage } } } } } }`;
    const read = async (after: string | null) => {
      const { data } = await platform.execute(copy, { query, variables: { after }, viewer });
      return data.services.nodes[0];
    };
    const service = await eventually(async () => {
      const found = await read(null);
      return found.checks[0].results.pageInfo.hasNextPage && found;
    });
    const [check] = service.checks;
    expect(service.events.nodes).toMatchObject([{ status: 'UP' }]);
    expect(check).toMatchObject({
      target: null,
      intervalMs: 100,
      timeoutMs: 1_000,
      downAfterMs: 150,
      upAfterMs: 0,
    });
    expect(check.results.nodes[0]).toMatchObject({ isSuccess: true, message: 'HTTP status 200' });
    const [newest, older] = check.results.edges;
    expect(newest.node.observedAt > older.node.observedAt).toBe(true);
    const next = (await read(older.cursor)).checks[0].results;
    expect(next.edges[0].node.observedAt < older.node.observedAt).toBe(true);
  });
});

describe('two copies of the scheduler', () => {
  it('share the work, never run a check twice at once, and tell each change once', async () => {
    target.answerAfterMs = 30;
    // Many, so that both copies find some due.
    const slugs = Array.from({ length: 8 }, (_, index) => `web-${index}`);
    const many = slugs.map((slug) => ({ slug, name: slug, kind: 'HTTP', url: `${target.url}/${slug}` }));
    const variables = { PLATFORM_TARGETS: JSON.stringify(many) };
    const [one, two] = [await platform.start(variables), await platform.start(variables)];
    const watch = await platform.watch(one, { viewer, selection: 'status service { name }' });
    /** Waits until each of the parts has told this status; nothing else may be told meanwhile. */
    const allTell = async (status: string) => {
      const told: string[] = [];
      while (told.length < slugs.length) {
        const event = await watch.next();
        expect(event.status).toBe(status);
        told.push(event.service.name);
      }
      expect(told.sort()).toEqual(slugs);
    };
    await platform.createTenant(two, 'ten_a', slugs.length);
    await allTell('UP');
    const runsOf = (copy: Copy) => sumOf(copy, 'systemhealth_runs_total');
    await eventually(async () => (await runsOf(one)) >= 3 && (await runsOf(two)) >= 3, { timeoutMs: 60_000 });
    await target.stop();
    await allTell('DOWN');
    await target.start();
    await allTell('UP');
    expect(target.seen.atOnce).toBe(1);
    const events = await acrossTenants('looking in a test', () =>
      one.service.models.HealthEvent.find().sort({ _id: 1 }).lean(),
    );
    expect(events.map(({ status }) => status)).toEqual(
      ['UP', 'DOWN', 'UP'].flatMap((each) => slugs.map(() => each)),
    );
  });

  it('go on as one when the other stops', async () => {
    const one = await platform.start();
    const two = await platform.start();
    await platform.createTenant(one, 'ten_a');
    await one.stop();
    const before = target.seen.requests;
    await eventually(() => target.seen.requests > before + 3);
    const watch = await platform.watch(two, { viewer });
    await target.stop();
    expect(await watch.next()).toMatchObject({ status: 'DOWN' });
  });
});

describe('a restart', () => {
  it('neither forgets a status nor tells it again', async () => {
    const first = await platform.start();
    const watchFirst = await platform.watch(first, { viewer });
    await platform.createTenant(first, 'ten_a');
    expect(await watchFirst.next()).toMatchObject({ status: 'UP' });
    await target.stop();
    expect(await watchFirst.next()).toMatchObject({ status: 'DOWN' });
    await first.stop();

    const second = await platform.start();
    const { data } = await platform.execute(second, { query: '{ services { nodes { status } } }', viewer });
    expect(data.services.nodes).toEqual([{ status: 'DOWN' }]);
    const watchSecond = await platform.watch(second, { viewer });
    await target.start();
    expect(await watchSecond.next()).toMatchObject({ previousStatus: 'DOWN', status: 'UP' });
  });

  it('after a crash takes the lost lease over', async () => {
    const copy = await platform.start();
    await platform.createTenant(copy, 'ten_a');
    await eventually(() => target.seen.requests > 0);
    await copy.stop();
    const next = await platform.start();
    const before = target.seen.requests;
    // As a killed copy leaves it: a lease that nobody will give back.
    await acrossTenants('arranging a test', () =>
      next.service.models.Check.updateMany(
        {},
        { $set: { lease: { owner: 'dead', token: 'lost' }, dueAt: new Date(Date.now() + 700) } },
      ),
    );
    await eventually(() => target.seen.requests > before + 1);
    const checks = await eventually(async () => {
      const all = await acrossTenants('looking in a test', () => next.service.models.Check.find().lean());
      return all.every(({ recordedBy }) => recordedBy !== 'lost') && all;
    });
    expect(checks).toHaveLength(1);
  });
});

describe('a stop', () => {
  it('does not wait for slow targets, takes none for failed, and lets another copy run them at once', async () => {
    const slow = { PLATFORM_INTERVAL_MS: '20000', PLATFORM_TIMEOUT_MS: '20000' };
    target.answerAfterMs = 30_000;
    const copy = await platform.start(slow);
    await platform.createTenant(copy, 'ten_a');
    await eventually(() => target.seen.requests === 1);
    const began = performance.now();
    await copy.stop();
    expect(performance.now() - began).toBeLessThan(6_000);
    target.answerAfterMs = 0;
    const next = await platform.start(slow);
    const query = '{ services { nodes { checks { status latestResult { isSuccess } } } } }';
    await eventually(async () => {
      const { data } = await platform.execute(next, { query, viewer });
      expect(data.services.nodes[0].checks).toEqual([{ status: 'UP', latestResult: { isSuccess: true } }]);
    });
  });
});

describe('a check that is paused while it runs', () => {
  it('records nothing of that run and, resumed soon, is not run twice at once', async () => {
    const copy = await platform.start();
    target.answerAfterMs = 300;
    await platform.createTenant(copy, 'ten_a');
    const read = async () => {
      const query = '{ services { nodes { checks { id status latestResult { observedAt } } } } }';
      const { data } = await platform.execute(copy, { query, viewer });
      return data.services.nodes[0].checks[0];
    };
    const { id } = await read();
    const change = (name: string) =>
      platform.execute(copy, {
        query: `mutation ($id: ID!) { ${name}(input: { id: $id }) { errors { message } } }`,
        variables: { id },
        viewer,
      });
    await eventually(() => target.seen.requests > 0);
    await change('pauseCheck');
    await change('resumeCheck');
    const seen = target.seen.requests;
    await eventually(() => target.seen.requests > seen, { timeoutMs: 60_000 });
    await eventually(async () => (await read()).status === 'UP');
    expect(target.seen.atOnce).toBe(1);
  });
});
