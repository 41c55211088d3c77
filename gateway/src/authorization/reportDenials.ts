// Tells sentinel which fields were denied. An answer never waits for it, and what a viewer repeats is told once a second.
import type { Broker } from '@supergraph/chassis/broker';
import { type CloudEvent, type EventContracts, messageOf } from '@supergraph/chassis/events';
import type { Logger } from '@supergraph/chassis/logging';
import { platformTenantId } from '@supergraph/chassis/tenancy';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { OperationContext } from '../context.ts';
import { TokenBucket } from '../limits/tokenBucket.ts';
import { gatherReports } from './gatherReports.ts';
import type { LostReports } from './lostReports.ts';
import { createReportQueue } from './reportQueue.ts';

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
  lost: Pick<LostReports, 'note'>;
  /** Most events kept while RabbitMQ is away; the oldest of the tenant with most of them give way. Default 10,000. */
  maximumKept?: number;
  /** Pause before a failed event is tried again. Default 1 second. */
  retryMs?: number;
  /** For how long equal reports of a viewer are counted before they are told. Default 1 second. */
  gatherMs?: number;
  /** Most different reports that are counted at once; the oldest are told early. Default 10,000. */
  maximumGathered?: number;
}

const eventType = 'gateway.field.denied.v1';
type DenialEvent = CloudEvent<typeof eventType>;

const maximumCoordinates = 20;

export function createDenialReporter(options: DenialReporterOptions): DenialReporter {
  const { contracts, broker, logger, lost, maximumKept = 10_000, retryMs = 1_000 } = options;
  const { gatherMs: momentMs = 1_000, maximumGathered: most = 10_000 } = options;
  const { denied, dropped, watch } = denialMetrics(options.registry);
  const queue = createReportQueue({
    ...{ routingKey: eventType, broker, logger, maximumKept, retryMs },
    onDropped: ({ tenantId, at, times }) => giveUp('overflow', { tenantId, at, times }),
  });
  watch(queue);
  const gathered = gatherReports({ momentMs, most, make: eventOf, tell: tellGathered });
  // Of strangers a sample is told: each event is stored, and they can ask as much as they like.
  const strangers = new TokenBucket({ perSecond: 1, burst: 60 });

  function tellGathered(event: DenialEvent, times: number): void {
    if (event.data.isAnonymous && !strangers.take())
      giveUp('sampled', { tenantId: event.tenantid, at: event.time, times });
    else send(times === 1 ? event : { ...event, sampledrate: times }, times);
  }

  function giveUp(
    reason: 'overflow' | 'sampled',
    report: { tenantId: string; at: string; times: number },
  ): void {
    dropped.inc(report.times);
    lost.note({ ...report, type: eventType, reason });
  }

  function send(event: DenialEvent, times: number): void {
    queue.add({ tenantId: event.tenantid, message: messageOf(event), times, at: event.time });
  }

  function eventOf(denial: DenialReport): DenialEvent | undefined {
    try {
      return createEvent(denial, contracts);
    } catch (error) {
      // Such as a subject of absurd length. The answer matters more than the report.
      dropped.inc();
      logger.error({ err: error }, 'a denied field could not be reported');
      return undefined;
    }
  }

  return {
    report(denial) {
      const { coordinates, operationName, context } = denial;
      for (const coordinate of coordinates) denied.inc({ coordinate });
      const { viewer } = context.session;
      const words = wordsOf(operationName, coordinates);
      if (!gathered.add(denial, { holder: viewer, words })) return;
      if (viewer.isAnonymous && !strangers.take()) {
        const at = new Date().toISOString();
        return giveUp('sampled', { tenantId: viewer.tenantId ?? platformTenantId, at, times: 1 });
      }
      const event = eventOf(denial);
      if (event) send(event, 1);
    },
    stop(grace) {
      gathered.flush();
      return queue.stop(grace);
    },
  };
}

/** Equal for reports of which equal things are told. */
function wordsOf(operationName: string | null, coordinates: ReadonlySet<string>): string {
  let words = operationName ?? '';
  let count = 0;
  for (const coordinate of coordinates) {
    words += ` ${coordinate}`;
    count += 1;
    if (count === maximumCoordinates) break;
  }
  return words;
}

function createEvent(
  { context, operationName, coordinates }: DenialReport,
  contracts: EventContracts,
): DenialEvent {
  const { subject, clientId, tenantId, isAnonymous } = context.session.viewer;
  return contracts.create(eventType, {
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
}

function denialMetrics(registry: Registry) {
  const registers = [registry];
  return {
    denied: new Counter({
      name: 'gateway_fields_denied_total',
      help: 'Fields that viewers asked and were not allowed to see, once per operation.',
      labelNames: ['coordinate'],
      registers,
    }),
    dropped: new Counter({
      name: 'gateway_denial_reports_dropped_total',
      help: 'Reports of denied fields that were given up: too many waited for RabbitMQ or came from strangers, or they broke their schema.',
      registers,
    }),
    watch: (queue: { length: number }) =>
      new Gauge({
        name: 'gateway_denial_reports_waiting',
        help: 'Events of denied fields that wait to be sent.',
        registers,
        collect() {
          this.set(queue.length);
        },
      }),
  };
}
