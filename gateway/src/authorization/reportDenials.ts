// Tells sentinel which fields were denied. An answer never waits for it: what cannot be sent is kept, within
// bounds, until RabbitMQ is back.
import type { Broker, OutgoingMessage } from '@supergraph/chassis/broker';
import { within } from '@supergraph/chassis/deadline';
import { type EventContracts, messageOf } from '@supergraph/chassis/events';
import type { Logger } from '@supergraph/chassis/logging';
import { platformTenantId } from '@supergraph/chassis/tenancy';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { OperationContext } from '../context.ts';
import { TokenBucket } from '../limits/tokenBucket.ts';

export interface DenialReport {
  context: OperationContext;
  operationName: string | null;
  /** `Type.field` of what the viewer asked and did not get. */
  coordinates: ReadonlySet<string>;
}

export interface DenialReporter {
  report(denial: DenialReport): void;
  /** Sends what is left, waiting at most `graceMs`. */
  stop(options: { graceMs: number }): Promise<void>;
}

export interface DenialReporterOptions {
  contracts: EventContracts;
  broker: Broker;
  logger: Logger;
  registry: Registry;
  /** Most reports kept while RabbitMQ is away; the oldest give way. Default 10,000. */
  maximumKept?: number;
  /** Pause before a failed report is tried again. Default 1 second. */
  retryMs?: number;
}

const eventType = 'gateway.field.denied.v1';
const maximumCoordinates = 20;
/** Confirmations are awaited for so many reports at once. */
const maximumInFlight = 50;

export function createDenialReporter(options: DenialReporterOptions): DenialReporter {
  const { contracts, broker, logger, registry, maximumKept = 10_000, retryMs = 1_000 } = options;
  const denied = new Counter({
    name: 'gateway_fields_denied_total',
    help: 'Fields that viewers asked and were not allowed to see, once per operation.',
    labelNames: ['coordinate'],
    registers: [registry],
  });
  const dropped = new Counter({
    name: 'gateway_denial_reports_dropped_total',
    help: 'Reports of denied fields that were given up: too many waited for RabbitMQ or came from strangers, or they broke their schema.',
    registers: [registry],
  });
  // Events, not reports: tried again, an event is still the same fact of the same time.
  const kept: OutgoingMessage[] = [];
  new Gauge({
    name: 'gateway_denial_reports_waiting',
    help: 'Reports of denied fields that wait to be sent.',
    registers: [registry],
    collect() {
      this.set(kept.length);
    },
  });
  // Of strangers a sample is told: each report is stored, and they can ask as much as they like.
  const strangers = new TokenBucket({ perSecond: 1, burst: 60 });
  let inFlight = 0;
  let retry: NodeJS.Timeout | undefined;
  let onEmpty: (() => void) | undefined;

  function send(): void {
    while (retry === undefined && inFlight < maximumInFlight) {
      const event = kept.shift();
      if (!event) break;
      inFlight += 1;
      void publish(event);
    }
    if (kept.length === 0 && inFlight === 0) onEmpty?.();
  }

  async function publish(event: OutgoingMessage): Promise<void> {
    try {
      await broker.publish(eventType, event);
    } catch (error) {
      logger.warn({ err: error, waiting: kept.length }, 'a denied field could not be reported; trying again');
      keep(event);
      retry ??= setTimeout(() => {
        retry = undefined;
        send();
      }, retryMs).unref();
    } finally {
      inFlight -= 1;
      send();
    }
  }

  function keep(event: OutgoingMessage): void {
    kept.push(event);
    if (kept.length <= maximumKept) return;
    kept.shift();
    dropped.inc();
  }

  return {
    report(denial) {
      for (const coordinate of denial.coordinates) denied.inc({ coordinate });
      if (denial.context.session.viewer.isAnonymous && !strangers.take()) {
        dropped.inc();
        return;
      }
      try {
        keep(eventOf(denial, contracts));
      } catch (error) {
        // Such as a subject of absurd length. The answer matters more than the report.
        dropped.inc();
        logger.error({ err: error }, 'a denied field could not be reported');
      }
      send();
    },
    async stop({ graceMs }) {
      const empty = new Promise<void>((resolve) => {
        onEmpty = resolve;
      });
      clearTimeout(retry);
      retry = undefined;
      send();
      await within(graceMs, empty);
      clearTimeout(retry);
      const lost = kept.length + inFlight;
      if (lost > 0) logger.error({ lost }, 'reports of denied fields were lost at the stop');
    },
  };
}

function eventOf({ context, operationName, coordinates }: DenialReport, contracts: EventContracts) {
  const { subject, clientId, tenantId, isAnonymous } = context.session.viewer;
  const event = contracts.create(eventType, {
    subject,
    tenantId: tenantId ?? platformTenantId,
    data: {
      subject,
      clientId,
      isAnonymous,
      operationName: operationName?.slice(0, 200) ?? null,
      coordinates: [...coordinates].slice(0, maximumCoordinates),
      requestId: context.requestId,
    },
  });
  return messageOf(event);
}
