// Who asks for what of the schema, so that a field can be retired when nobody does. A request costs one increment, of
// its operation's count for its client; that is multiplied out to fields when it is told, every minute.
import type { Logger } from '@supergraph/chassis/logging';
import { Counter, type Registry } from 'prom-client';
import type { FieldUses } from './fieldUses.ts';
import type { UsedCoordinates } from './usedCoordinates.ts';

/** The uses of one operation since they were last told. */
export interface OperationUsage {
  count(client: string): void;
}

export interface FieldUsage {
  /** Counts uses of an operation that names these coordinates. */
  of(used: UsedCoordinates): OperationUsage;
  /** Tells what was counted since. */
  tell(): Promise<void>;
  /** Tells the rest and stops. */
  stop(): Promise<void>;
}

export interface FieldUsageOptions {
  uses: Pick<FieldUses, 'add'>;
  registry: Registry;
  logger: Logger;
  /** How often it is told. Default 60 s. */
  tellMs?: number;
  /** Most operations with untold counts. Default 1,000; above, the oldest is multiplied out. */
  maximumUntold?: number;
}

export function createFieldUsage(options: FieldUsageOptions): FieldUsage {
  const { uses, registry, logger, tellMs = 60_000, maximumUntold = 1_000 } = options;
  const deprecatedUses = new Counter({
    name: 'gateway_deprecated_fields_used_total',
    help: 'Operations that named a deprecated field or argument, by the OAuth client that sent them.',
    labelNames: ['coordinate', 'client'],
    registers: [registry],
  });
  const untold = new Set<CountedOperation>();
  /** Coordinate → client → uses; bounded by the schema and the bounded labels of clients. */
  let totals = new Map<string, Map<string, number>>();

  // Thousands of operations name the same few coordinates: each is in memory once.
  const interned = new Map<string, string>();
  function intern(coordinate: string): string {
    const known = interned.get(coordinate);
    if (known === undefined) interned.set(coordinate, coordinate);
    return known ?? coordinate;
  }

  function multiplyOut(operation: CountedOperation): void {
    untold.delete(operation);
    const counts = operation.take();
    for (const [client, count] of counts) {
      for (const coordinate of operation.used.all) add(totals, { coordinate, client, count });
      for (const coordinate of operation.used.deprecated) deprecatedUses.inc({ coordinate, client }, count);
    }
  }

  function note(operation: CountedOperation): void {
    untold.add(operation);
    // One at a time, so that no request pays for many.
    const [oldest] = untold.size > maximumUntold ? untold : [];
    if (oldest) multiplyOut(oldest);
  }

  async function tell(): Promise<void> {
    for (const operation of untold) multiplyOut(operation);
    const told = totals;
    totals = new Map();
    if (told.size === 0) return;
    try {
      await uses.add(told);
    } catch (error) {
      logger.warn({ err: error }, 'uses of fields could not be told; they are added to the next ones');
      for (const [coordinate, clients] of told)
        for (const [client, count] of clients) add(totals, { coordinate, client, count });
    }
  }

  // One telling at a time: a slow one must not be overtaken.
  let telling: Promise<void> = Promise.resolve();
  const tellNext = (): Promise<void> => {
    telling = telling.then(tell);
    return telling;
  };
  const timer = setInterval(() => void tellNext(), tellMs);
  timer.unref();

  return {
    of: ({ all, deprecated }) =>
      new CountedOperation({ all: all.map(intern), deprecated: deprecated.map(intern) }, note),
    tell: tellNext,
    stop() {
      clearInterval(timer);
      return tellNext();
    },
  };
}

class CountedOperation implements OperationUsage {
  readonly used: UsedCoordinates;
  readonly #note: (operation: CountedOperation) => void;
  #counts = new Map<string, number>();

  constructor(used: UsedCoordinates, note: (operation: CountedOperation) => void) {
    this.used = used;
    this.#note = note;
  }

  count(client: string): void {
    if (this.#counts.size === 0) this.#note(this);
    this.#counts.set(client, (this.#counts.get(client) ?? 0) + 1);
  }

  take(): ReadonlyMap<string, number> {
    const counts = this.#counts;
    this.#counts = new Map();
    return counts;
  }
}

function add(
  totals: Map<string, Map<string, number>>,
  { coordinate, client, count }: { coordinate: string; client: string; count: number },
): void {
  const clients = totals.get(coordinate) ?? new Map<string, number>();
  totals.set(coordinate, clients.set(client, (clients.get(client) ?? 0) + count));
}
