// Rate limits and quotas of tenants, clients, persons and addresses, counted by all processes together.
import { serviceUnavailable } from '@supergraph/chassis/errors';
import type { Logger } from '@supergraph/chassis/logging';
import type { Viewer } from '@supergraph/chassis/viewer';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { Counter, Gauge, type Registry } from 'prom-client';
import {
  type Account,
  type Admission,
  entryOf,
  type Ledger,
  openAdmission,
  refusedAdmission,
  shortAdmission,
} from './admission.ts';
import { Meter } from './meter.ts';
import { createMeterSync } from './meterSync.ts';
import { createPlanning, type Planning } from './planning.ts';
import { policyField } from './rateLimitFields.ts';
import { holdingsOf, type RateLimitsConfig } from './rateLimitPolicies.ts';

export interface RateLimits {
  /**
   * Counts an operation against all allowances of its caller, or against none where one of them is used up. Answers at
   * once, except where Redis has to be asked first: for a caller that this process has not met, and for one that spends
   * a twentieth of its allowance in the time of one call. Never rejects.
   */
  enter(caller: Caller): Admission | Promise<Admission>;
  /** The allowance of time for operations that are new; this process's own. */
  readonly planning: Planning;
  /** Tells Redis what is left to tell. */
  stop(): Promise<void>;
}

export interface Caller {
  viewer: Viewer;
  ipAddress: string | undefined;
}

export interface RateLimitsOptions {
  config: RateLimitsConfig;
  redis: Redis;
  namespace: string;
  logger: Logger;
  registry: Registry;
  /** What becomes of requests while Redis is away: `open`, each process counts for itself; `closed`, all are refused. */
  withoutRedis: 'open' | 'closed';
  /** Most allowances remembered. Default 50,000. */
  cacheSize?: number;
}

export function createRateLimits(options: RateLimitsOptions): RateLimits {
  const { config, redis, namespace, logger, registry, withoutRedis, cacheSize = 50_000 } = options;
  const measured = limitMetrics(registry);
  const sync = createMeterSync({
    ...{ redis, namespace, logger },
    changed: (isAway) => measured.shared.set(isAway ? 0 : 1),
  });
  const meters = new LRUCache<string, Meter>({ max: cacheSize });
  const addresses = new LRUCache<string, Account>({ max: cacheSize });
  // There is one Viewer per access token; its meters are shared with the other tokens of the same person.
  const accounts = new WeakMap<Viewer, Account>();

  function accountOf(caller: Caller): Account {
    const { viewer, ipAddress = '' } = caller;
    const known = viewer.isAnonymous ? addresses.get(ipAddress) : accounts.get(viewer);
    if (known !== undefined) return known;
    const holdings = holdingsOf(config, caller);
    const account = {
      meters: holdings.map((holding) => {
        const meter = meters.get(holding.key) ?? new Meter(holding);
        meters.set(holding.key, meter);
        return meter;
      }),
      policy: policyField(holdings.map(({ policy }) => policy)),
    };
    if (viewer.isAnonymous) addresses.set(ipAddress, account);
    else accounts.set(viewer, account);
    return account;
  }

  /** The operation's admission, or undefined where Redis has to be asked first. */
  function decide(account: Account): Admission | undefined {
    const now = performance.now();
    const isShared = !sync.isAway;
    if (!isShared && withoutRedis === 'closed')
      return refuse('redis', refusedAdmission(account, cannotCount()));
    let isReady = true;
    for (const meter of account.meters) {
      const amount = entryOf(meter);
      if (isShared && !meter.isKnown) isReady = false;
      else if (!meter.covers(amount, now))
        return refuse(meter.policy.name, shortAdmission(account, { meter, amount, now }));
      else if (isShared && meter.isAhead(amount)) isReady = false;
    }
    if (!isReady) return undefined;
    if (!isShared) measured.unshared.inc();
    return openAdmission(account, ledger);
  }

  const ledger: Ledger = {
    schedule: (meter) => sync.schedule(meter),
    refused: (policy) => measured.refused.inc({ policy }),
  };

  function refuse(policy: string, admission: Admission): Admission {
    ledger.refused(policy);
    return admission;
  }

  async function askFirst(account: Account): Promise<Admission> {
    for (;;) {
      await sync.refresh(account.meters);
      const admission = decide(account);
      if (admission !== undefined) return admission;
    }
  }

  const planning = createPlanning({
    config: config.planning,
    cacheSize,
    onRefused: () => ledger.refused('planning'),
    onSpent: (milliseconds) => measured.planning.inc(milliseconds / 1000),
  });

  return {
    planning,
    enter(caller) {
      const account = accountOf(caller);
      return decide(account) ?? askFirst(account);
    },
    stop: () => sync.stop(),
  };
}

const cannotCount = () =>
  serviceUnavailable(
    'Operations cannot be counted right now, and uncounted ones are not served. Try again shortly.',
    {
      extensions: { retryAfterSeconds: 1 },
    },
  );

function limitMetrics(registry: Registry) {
  const registers = [registry];
  const shared = new Gauge({
    name: 'gateway_rate_limits_shared',
    help: 'Whether rate limits are counted by all processes together (1), or Redis is away (0).',
    registers,
  });
  shared.set(1);
  return {
    shared,
    refused: new Counter({
      name: 'gateway_rate_limited_total',
      help: 'Operations refused, by the allowance that was used up; `redis`: refused because nothing could be counted.',
      labelNames: ['policy'],
      registers,
    }),
    planning: new Counter({
      name: 'gateway_planning_seconds_total',
      help: 'Processor time for making operations ready that were not remembered, whoever paid for it.',
      registers,
    }),
    unshared: new Counter({
      name: 'gateway_rate_limits_unshared_total',
      help: 'Operations let through on the count of one process alone, because Redis was away.',
      registers,
    }),
  };
}
