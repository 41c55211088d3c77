// Tells sentinel who asked from outside of their tenant's networks: the first time at once, what goes on once a second.
import type { Broker } from '@supergraph/chassis/broker';
import type { RequestFacts } from '@supergraph/chassis/context';
import { type CloudEvent, type EventContracts, messageOf } from '@supergraph/chassis/events';
import type { Logger } from '@supergraph/chassis/logging';
import { platformTenantId } from '@supergraph/chassis/tenancy';
import type { Viewer } from '@supergraph/chassis/viewer';
import { LRUCache } from 'lru-cache';
import { Counter, type Registry } from 'prom-client';
import { gatherReports } from '../authorization/gatherReports.ts';
import type { LostReports } from '../authorization/lostReports.ts';
import { createReportQueue } from '../authorization/reportQueue.ts';
import { networkOf } from '../limits/network.ts';
import { TokenBucket } from '../limits/tokenBucket.ts';

export interface AddressReport {
  viewer: Viewer;
  from: RequestFacts;
}

export interface AddressReporter {
  report(denied: AddressReport): void;
  /** Sends what is left, waiting at most `graceMs`. */
  stop(options: { graceMs: number }): Promise<void>;
}

export interface AddressReporterOptions {
  contracts: EventContracts;
  broker: Broker;
  logger: Logger;
  registry: Registry;
  lost: Pick<LostReports, 'note'>;
}

const eventType = 'gateway.address.denied.v1';
type AddressEvent = CloudEvent<typeof eventType>;

export function createAddressReporter(options: AddressReporterOptions): AddressReporter {
  const { contracts, broker, logger, registry, lost } = options;
  const registers = [registry];
  const denied = new Counter({
    name: 'gateway_addresses_denied_total',
    help: 'Requests and open subscriptions that were refused because their tenant does not take them from there.',
    registers,
  });
  const dropped = new Counter({
    name: 'gateway_address_reports_dropped_total',
    help: 'Reports of such refusals that were given up: too many of one tenant, too many waited for RabbitMQ, or they broke their schema.',
    registers,
  });
  const queue = createReportQueue({
    ...{ routingKey: eventType, broker, logger, maximumKept: 1_000, retryMs: 1_000 },
    onDropped: ({ tenantId, at, times }) => giveUp('overflow', { tenantId, at, times }),
  });
  const gathered = gatherReports({ momentMs: 1_000, most: 10_000, make: eventOf, tell: send });
  // Each event is stored, and who holds a stolen token may ask from as many addresses as they like.
  const allowances = new LRUCache<string, TokenBucket>({ max: 1_000 });

  function giveUp(
    reason: 'overflow' | 'sampled',
    report: { tenantId: string; at: string; times: number },
  ): void {
    dropped.inc(report.times);
    lost.note({ ...report, type: eventType, reason });
  }

  function send(event: AddressEvent, times: number): void {
    const tenantId = event.tenantid;
    const allowance = allowances.get(tenantId) ?? new TokenBucket({ perSecond: 1, burst: 60 });
    allowances.set(tenantId, allowance);
    if (allowance.take()) {
      const message = messageOf(times === 1 ? event : { ...event, sampledrate: times });
      queue.add({ tenantId, message, times, at: event.time });
    } else giveUp('sampled', { tenantId, at: event.time, times });
  }

  function eventOf({ viewer, from }: AddressReport): AddressEvent | undefined {
    const { subject, clientId, tenantId } = viewer;
    const { ipAddress = null, requestId = null } = from;
    try {
      return contracts.create(eventType, {
        subject,
        tenantId: tenantId ?? platformTenantId,
        data: { subject, clientId, ipAddress, requestId },
      });
    } catch (error) {
      // Such as a subject of absurd length. The answer matters more than the report.
      dropped.inc();
      logger.error({ err: error }, 'a denied address could not be reported');
      return undefined;
    }
  }

  return {
    report(report) {
      denied.inc();
      if (!gathered.add(report, { holder: report.viewer, words: networkOf(report.from.ipAddress) })) return;
      const event = eventOf(report);
      if (event) send(event, 1);
    },
    stop(grace) {
      gathered.flush();
      return queue.stop(grace);
    },
  };
}
