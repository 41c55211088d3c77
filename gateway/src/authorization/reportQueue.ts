// The way of reports to RabbitMQ: sent as fast as it confirms them, and kept, within bounds, while it is away.
import type { Broker, OutgoingMessage } from '@supergraph/chassis/broker';
import { within } from '@supergraph/chassis/deadline';
import type { Logger } from '@supergraph/chassis/logging';
import { TransientSet } from '@supergraph/chassis/transient';
import { FairQueue } from './fairQueue.ts';

/** An event, not what it was made of: tried again, it is still the same fact of the same time. */
export interface OutgoingReport {
  /** Whose report it is: tenants take turns. */
  tenantId: string;
  message: OutgoingMessage;
  /** How many reports it stands for. */
  times: number;
  /** When it happened, UTC ISO 8601. */
  at: string;
}

export interface ReportQueue {
  /** How many events wait to be sent. */
  readonly length: number;
  add(report: OutgoingReport): void;
  /** Sends what is left, waiting at most `graceMs`. */
  stop(options: { graceMs: number }): Promise<void>;
}

export interface ReportQueueOptions {
  routingKey: string;
  broker: Pick<Broker, 'publish'>;
  logger: Logger;
  /** Most events kept while RabbitMQ is away; the oldest of the tenant with most of them give way. */
  maximumKept: number;
  /** Pause before what failed is tried again. */
  retryMs: number;
  /** Told of a report that had to give way. */
  onDropped(report: OutgoingReport): void;
}

/** Confirmations are awaited for so many events at once. */
const maximumInFlight = 50;

export function createReportQueue(options: ReportQueueOptions): ReportQueue {
  const { routingKey, broker, logger, maximumKept, retryMs, onDropped } = options;
  const kept = new FairQueue<OutgoingReport>({ most: maximumKept });
  const inFlight = new TransientSet<OutgoingReport>();
  let retry: NodeJS.Timeout | undefined;
  let onEmpty: (() => void) | undefined;

  function send(): void {
    while (retry === undefined && inFlight.size < maximumInFlight) {
      const report = kept.take();
      if (!report) break;
      void publish(report);
    }
    if (kept.length === 0 && inFlight.size === 0) onEmpty?.();
  }

  async function publish(report: OutgoingReport): Promise<void> {
    inFlight.add(report);
    try {
      await broker.publish(routingKey, report.message);
    } catch (error) {
      logger.warn({ err: error, waiting: kept.length }, 'a denial could not be reported; trying again');
      keep(report);
      retry ??= setTimeout(() => {
        retry = undefined;
        send();
      }, retryMs).unref();
    } finally {
      inFlight.delete(report);
      send();
    }
  }

  function keep(report: OutgoingReport): void {
    const givesWay = kept.add(report);
    if (givesWay) onDropped(givesWay);
  }

  return {
    get length() {
      return kept.length;
    },
    add(report) {
      keep(report);
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
      const left = [...kept, ...inFlight];
      for (const report of left) onDropped(report);
      const lost = left.reduce((sum, { times }) => sum + times, 0);
      if (lost > 0) logger.error({ lost }, 'reports of denials were lost at the stop');
    },
  };
}
