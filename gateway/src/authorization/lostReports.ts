// Reports that were given up are told as such: sentinel shows people which part of what happened it doesn't have.
import type { Broker } from '@supergraph/chassis/broker';
import { type EventContracts, type EventData, messageOf } from '@supergraph/chassis/events';
import type { Logger } from '@supergraph/chassis/logging';

const eventType = 'gateway.reports.lost.v1';
type Loss = EventData[typeof eventType];

export interface LostReport extends Pick<Loss, 'type' | 'reason'> {
  tenantId: string;
  /** When what it reports happened, UTC ISO 8601. */
  at: string;
  /** How many reports it stands for. */
  times: number;
}

export interface LostReports {
  note(lost: LostReport): void;
  /** Tells what is not told yet, waiting as long as a publication may take. */
  stop(): Promise<void>;
}

export interface LostReportsOptions {
  contracts: EventContracts;
  broker: Pick<Broker, 'publish'>;
  logger: Logger;
  /** How long losses are counted together. Default 10 seconds. */
  tellMs?: number;
}

/** Most tenants whose losses are counted at once; further ones are counted in the log alone. */
const mostCounted = 10_000;

export function createLostReports(options: LostReportsOptions): LostReports {
  const { contracts, broker, logger, tellMs = 10_000 } = options;
  let losses = new Map<string, { tenantId: string; loss: Loss }>();
  let timer: NodeJS.Timeout | undefined;

  function add(tenantId: string, more: Loss): void {
    const key = `${tenantId} ${more.type} ${more.reason}`;
    const known = losses.get(key)?.loss;
    if (known === undefined && losses.size >= mostCounted) {
      logger.error({ tenantId, loss: more }, 'reports of denials were lost, and so is the record of it');
      return;
    }
    const loss =
      known === undefined
        ? more
        : {
            ...more,
            from: isBefore(known.from, more.from) ? known.from : more.from,
            until: isBefore(more.until, known.until) ? known.until : more.until,
            count: known.count + more.count,
          };
    losses.set(key, { tenantId, loss });
    timer ??= setTimeout(() => void tell(), tellMs).unref();
  }

  async function tell(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const told = losses;
    losses = new Map();
    await Promise.all(
      [...told.values()].map(async ({ tenantId, loss }) => {
        try {
          const event = contracts.create(eventType, { tenantId, data: loss });
          await broker.publish(eventType, messageOf(event));
        } catch (error) {
          logger.warn({ err: error, tenantId }, 'lost reports could not be told; trying again');
          add(tenantId, loss);
        }
      }),
    );
  }

  return {
    note: ({ tenantId, type, reason, at, times }) =>
      add(tenantId, { type, reason, from: at, until: at, count: times }),
    async stop() {
      await tell();
      clearTimeout(timer);
      for (const { tenantId, loss } of losses.values())
        logger.error({ tenantId, loss }, 'reports of denials were lost, and so is the record of it');
    },
  };
}

/** Instants as ISO 8601 in UTC sort as text. */
function isBefore(one: string, other: string): boolean {
  return one < other;
}
