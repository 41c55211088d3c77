// A change, the events that tell of it and the live pushes that show it: all of them or none.
import type { ClientSession, Connection } from 'mongoose';
import type { Logger } from 'pino';
import { tellAction } from './actions.ts';
import { Ambient } from './ambient.ts';
import { inTime } from './deadline.ts';
import type { CloudEvent, EventContracts, EventInput, EventType } from './events.ts';
import type { Live } from './live.ts';
import type { Residence } from './models.ts';
import type { Outbox } from './outbox.ts';
import type { Placement } from './residency/placement.ts';
import { TenancyError, tenantFor } from './tenancy.ts';

export interface UnitOfWork {
  /** Has an event stored in the outbox, at the end of this transaction and with all others of it. @throws InvalidEventError */
  emit<T extends EventType>(type: T, event: EventInput<T>): Promise<void>;
  /** Pushes to a live topic after the commit, best effort. A failure to push is logged and changes nothing. */
  push(topic: string, payload: object, target?: { tenantId?: string }): void;
}

/**
 * Thrown when the transaction was not done before the deadline: conflicts did not end, or MongoDB was away.
 * In the rare case that MongoDB vanished during the commit itself, the change may have been made.
 */
export class TransactionDeadlineError extends Error {
  override readonly name = 'TransactionDeadlineError';
}

/**
 * Runs `work` in one MongoDB transaction, again from its start after a passing conflict, so it must not do
 * what cannot be repeated. Operations join without being handed a session; run them one after the other.
 * Inside another transaction of the same service it joins that one. Where tenants' data lies in several regions, it is
 * one of the region where the scope's data lies or, `at: 'home'`, of the home region. What lies elsewhere it can read, as
 * it is committed, and not change.
 */
export type Transaction = <T>(
  work: (unit: UnitOfWork) => Promise<T>,
  options?: { at?: Residence | undefined },
) => Promise<T>;

export interface TransactionOptions {
  connection: Connection;
  contracts: EventContracts;
  outbox: Outbox;
  /** Where tenants' data lies in several regions, of which `connection` and `outbox` are the home. */
  placement?: Placement | undefined;
  /** Where it is of those that don't say. Default: in the scope's region. */
  usually?: Residence | undefined;
  live: Pick<Live, 'publish'>;
  logger: Logger;
  /** Most time for all attempts together. Default 10,000. */
  deadlineMs?: number;
}

/** What is done once a transaction is committed, by names that tell equal work. */
type Afterwards = Map<string, () => Promise<unknown>>;

// Keyed by connection, because services of one process may call each other's code in tests.
const running = new Ambient<{
  connection: Connection;
  unit: UnitOfWork;
  afterwards: Afterwards;
}>();

/**
 * Does `work` once the running transaction is committed, before its caller goes on; work of the same name once. Outside of
 * any transaction at once. It is for what lies in another region and has to follow: the transaction itself must have noted
 * that it is to be done, because a process may die in between. A failure is logged and is no failure of the transaction.
 */
export async function afterCommit(name: string, work: () => Promise<unknown>): Promise<void> {
  const outer = running.get();
  if (outer === undefined) await work();
  else outer.afterwards.set(name, work);
}

/** Whether this is done in a transaction, which may be begun anew. */
export function isInTransaction(): boolean {
  return running.get() !== undefined;
}

export function createTransaction(options: TransactionOptions): Transaction {
  const { contracts, live, logger, placement, usually = 'region', deadlineMs = 10_000 } = options;
  const enter = (at: Residence) => {
    if (placement === undefined) return { region: options, leave: () => undefined };
    return at === 'home' ? { region: placement.home, leave: () => undefined } : placement.enter('write');
  };

  return async (work, { at = usually } = {}) => {
    const { region, leave } = enter(at);
    const { connection, outbox } = region;
    const outer = running.get();
    if (outer?.connection === connection) return work(outer.unit).finally(leave);
    if (placement?.regions.some((each) => each.connection === outer?.connection)) {
      leave();
      throw new TenancyError('A transaction stays in one region.');
    }

    let pushes: { topic: string; payload: object; tenantId: string }[] = [];
    let events: CloudEvent[] = [];
    const afterwards: Afterwards = new Map();
    let noteTold: (() => void) | undefined;
    const attempt = async () => {
      pushes = [];
      events = [];
      afterwards.clear();
      const unit: UnitOfWork = {
        async emit(type, event) {
          events.push(contracts.create(type, event));
        },
        push(topic, payload, target) {
          pushes.push({ topic, payload, tenantId: tenantFor(target?.tenantId) });
        },
      };
      return running.run({ connection, unit, afterwards }, async () => {
        const outcome = await work(unit);
        noteTold = await tellAction(outcome, unit);
        if (events.length > 0) await outbox.store(events);
        return outcome;
      });
    };
    const result = await attemptInTime({ connection, deadlineMs, onSettled: leave }, attempt);
    noteTold?.();

    for (const { topic, payload, tenantId } of pushes) {
      live
        .publish(topic, payload, { tenantId })
        .catch((error: unknown) => logger.warn({ err: error, topic }, 'live push was lost'));
    }
    if (events.length > 0) outbox.nudge();
    for (const [name, follow] of afterwards) {
      await follow().catch((error: unknown) =>
        logger.warn({ err: error, work: name }, 'what follows a transaction was not done; its note stays'),
      );
    }
    return result;
  };
}

/** The driver repeats attempts and commits for two minutes, so a deadline of ours ends the session under it. */
function attemptInTime<T>(
  {
    connection,
    deadlineMs,
    onSettled,
  }: { connection: Connection; deadlineMs: number; onSettled: () => void },
  attempt: () => Promise<T>,
): Promise<T> {
  let session: ClientSession | undefined;
  const done = connection.transaction((current) => {
    session = current;
    return attempt();
  });
  // Also long after the deadline: until then its commit may be under way.
  done.catch(() => undefined).finally(onSettled);
  return inTime(done, {
    deadlineMs,
    otherwise() {
      session?.endSession().catch(() => undefined);
      throw new TransactionDeadlineError(`The transaction was not done within ${deadlineMs} ms.`);
    },
  });
}
