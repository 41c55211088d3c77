// The one connection to a subgraph that carries everybody's subscriptions, and what may not cost them it.
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@supergraph/chassis/logging';
import { createPassportMint, type PassportMint } from '@supergraph/chassis/passport';
import { eventually, testViewer } from '@supergraph/chassis/testing';
import { Counter, Registry } from 'prom-client';
import type { WatchedService } from '../testing/health-changes.ts';
import type { Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';
import { openSubgraphEvents, type SubgraphEvents, type SubgraphEventsOptions } from './subgraphEvents.ts';

describe('the events of a subgraph', () => {
  let platform: Platform;
  let mint: PassportMint;
  beforeAll(async () => {
    platform = await sharedPlatform();
    mint = await createPassportMint({ privateKey: platform.environment.passportKey });
  });

  const opened: SubgraphEvents[] = [];
  afterEach(async () => {
    await platform.links.systemhealth.restore();
    await Promise.all(opened.splice(0).map((events) => events.stop()));
    await eventually(async () => (await platform.health.subscribers()) === 0);
  });

  /** Events of systemhealth, and how often a subscription there was interrupted. */
  function open(given: Partial<SubgraphEventsOptions> = {}) {
    const counter = new Counter({
      ...{ name: 'interruptions', help: 'Of subscriptions.', labelNames: ['subgraph'] as const },
      registers: [new Registry()],
    });
    const events = openSubgraphEvents({
      name: 'systemhealth',
      url: new URL('/graphql', platform.links.systemhealth.url).href,
      mintPassport: mint,
      logger: createLogger({ service: 'gateway', level: 'silent' }),
      interruptions: counter,
      pausesMs: { first: 5, longest: 60_000 },
      ...given,
    });
    opened.push(events);
    return { events, interruptions: async () => (await counter.get()).values[0]?.value ?? 0 };
  }

  async function shop(): Promise<WatchedService> {
    return platform.health.service((await platform.tenant())._id);
  }

  const query = 'subscription ($serviceId: ID) { healthChanged(serviceId: $serviceId) { message } }';

  /** Subscribes to a tenant's changes. What comes is written down. */
  function follow(events: SubgraphEvents, { tenantId }: WatchedService, serviceId?: string): unknown[] {
    const seen: unknown[] = [];
    const viewer = testViewer({ tenantId, permissions: ['service:read'] });
    events.open(
      { query, operationName: undefined, variables: { serviceId: serviceId ?? null } },
      {
        context: {
          session: {
            viewer,
            issuedAt: 0,
            expiresAt: Number.POSITIVE_INFINITY,
            onChange: () => () => undefined,
          },
          requestId: 'r',
          ipAddress: undefined,
        },
        sink: {
          event: ({ data }) => void seen.push(data?.healthChanged),
          failed: ([error]) => void seen.push(error?.extensions?.code),
          moved: () => undefined,
          completed: () => void seen.push('completed'),
        },
      },
    );
    return seen;
  }

  describe('a subscription that is too large for its subgraph', () => {
    // The second is also too large for a message; its subgraph would close the connection.
    it.each([1_600_000, 5_000_000])('fails alone, at %d bytes', async (length) => {
      const { events, interruptions } = open();
      const watched = await shop();
      const others = follow(events, watched);
      await platform.health.heard(watched.tenantId);
      const large = follow(events, watched, 'x'.repeat(length));
      await eventually(() => large.length === 1);
      expect(large).toEqual(['BAD_USER_INPUT']);
      await platform.health.change(watched, 'for the others');
      await eventually(() => others.length === 1);
      expect(others).toEqual([{ message: 'for the others' }]);
      expect(await interruptions()).toBe(0);
    });
  });

  describe('a subscription that was lost', () => {
    it('is tried again also when no passport could be made for it', async () => {
      let minted = 0;
      const mintPassport: PassportMint = async (viewer, audience) => {
        minted += 1;
        if (minted === 2 || minted === 3) throw new Error('no passport now');
        return mint(viewer, audience);
      };
      const unhandled: unknown[] = [];
      const note = (reason: unknown) => void unhandled.push(reason);
      process.on('unhandledRejection', note);
      const { events } = open({ mintPassport });
      const watched = await shop();
      const seen = follow(events, watched);
      await platform.health.heard(watched.tenantId);
      await platform.links.systemhealth.cut();
      await eventually(async () => (await platform.health.subscribers()) === 0);
      await platform.links.systemhealth.restore();
      await platform.health.heard(watched.tenantId);
      await platform.health.change(watched, 'back');
      await eventually(() => seen.length === 1);
      expect(seen).toEqual([{ message: 'back' }]);
      expect(minted).toBeGreaterThan(3);
      expect(unhandled).toEqual([]);
      process.off('unhandledRejection', note);
    });

    it('fails where no passport could be made in the first place', async () => {
      const { events } = open({ mintPassport: () => Promise.reject(new Error('no passport now')) });
      const seen = follow(events, await shop());
      await eventually(() => seen.length === 1);
      expect(seen).toEqual(['SUBGRAPH_UNAVAILABLE']);
    });

    it('waits longer each time, and begins anew with the first pause after the connection has stood', async () => {
      const { events, interruptions } = open();
      const watched = await shop();
      follow(events, watched);
      await platform.health.heard(watched.tenantId);
      const cutAt = performance.now();
      await platform.links.systemhealth.cut();
      await eventually(async () => (await interruptions()) >= 9);
      // Eight pauses of 5 ms, 10 ms and so on, each by half shorter at most. The next would be 640 ms at least.
      expect(performance.now() - cutAt).toBeGreaterThan(600);
      await platform.links.systemhealth.restore();
      await platform.health.heard(watched.tenantId);
      const before = await interruptions();
      await platform.links.systemhealth.cut();
      const lostAt = performance.now();
      await eventually(async () => (await interruptions()) >= before + 4);
      expect(performance.now() - lostAt).toBeLessThan(1_000);
    });
  });
});
