// Whose turn it is to look through a tenant's events, and what a copy may remember from one turn of its own to the next.
import { orBeginAnew } from '@supergraph/chassis/database';
import { currentTenant } from '@supergraph/chassis/tenancy';
import { afterCommit } from '@supergraph/chassis/transaction';
import { LRUCache } from 'lru-cache';
import type { Sentinel } from '../context.ts';
import type { SignIn } from './habits/rules.ts';
import type { CountedOccurrence } from './occurrence-model.ts';

/** All that there is of something from an instant on. */
export interface Remembered<Each> {
  readonly from: number;
  readonly all: readonly Each[];
}

/** What a turn finds of those before it, and leaves to those after it. */
export interface Shelf<Each> {
  /** What is known of a name without asking the database; undefined when it has to be asked. */
  recall(name: string): Remembered<Each> | undefined;
  /** Remembers it once the transaction is committed. */
  remember(name: string, known: Remembered<Each>): void;
}

export interface Turn {
  /** What correlations counted, by group. */
  readonly occurrences: Shelf<CountedOccurrence>;
  /** Sign-ins by time, by person. */
  readonly signIns: Shelf<SignIn>;
}

/** By tenant and name. */
type Kept<Each> = LRUCache<string, Remembered<Each> & { readonly run: Run }>;

interface Memory {
  readonly occurrences: Kept<CountedOccurrence>;
  readonly signIns: Kept<SignIn>;
  readonly runs: LRUCache<string, Run>;
}

/** Turns of one tenant that this copy had one after the other, with nobody else's in between. */
interface Run {
  last: number;
}

/** Of each kind; some 50 MB. */
const mostRemembered = 250_000;
/** Who is forgotten in the database is so here, too, soon. */
const rememberedMs = 3_600_000;
const mostTenants = 10_000;
const memories = new WeakMap<Sentinel['connection'], Memory>();

/**
 * Two transactions that look through events of one tenant would each not see what the other counts: whoever writes this
 * second begins again, and sees it. One row a tenant and not one a group, because a batch touches hundreds of those; it is
 * written first, so that who comes second has done nothing yet.
 */
export async function takeTurn({ models, connection }: Sentinel): Promise<Turn> {
  const tenantId = currentTenant();
  const { turns } = await orBeginAnew(() =>
    models.DetectionTurn.findOneAndUpdate(
      { _id: tenantId },
      { $inc: { turns: 1 } },
      { upsert: true, returnDocument: 'after' },
    )
      .orFail()
      .lean(),
  );
  const { occurrences, signIns, runs } = memoryOf(connection);
  const known = runs.get(tenantId);
  // Another copy had a turn, or one of ours was not committed: what is remembered is no longer all.
  const run = known?.last === turns - 1 ? known : { last: Number.NaN };
  runs.set(tenantId, run);
  const shelves = {
    occurrences: shelfOf(occurrences, { tenantId, run }),
    signIns: shelfOf(signIns, { tenantId, run }),
  };
  await afterCommit('detection-turn', async () => {
    if (runs.get(tenantId) !== run) return;
    run.last = turns;
    for (const { keep } of Object.values(shelves)) keep();
  });
  return shelves;
}

function shelfOf<Each>(
  kept: Kept<Each>,
  { tenantId, run }: { tenantId: string; run: Run },
): Shelf<Each> & { keep(): void } {
  const changed = new Map<string, Remembered<Each>>();
  return {
    recall(name) {
      const found = kept.get(`${tenantId} ${name}`);
      return found?.run === run ? found : undefined;
    },
    remember: (name, each) => void changed.set(name, each),
    keep() {
      for (const [name, each] of changed) kept.set(`${tenantId} ${name}`, { ...each, run });
    },
  };
}

function memoryOf(connection: Sentinel['connection']): Memory {
  const known = memories.get(connection);
  if (known !== undefined) return known;
  const memory: Memory = {
    occurrences: keeping(),
    signIns: keeping(),
    runs: new LRUCache({ max: mostTenants }),
  };
  memories.set(connection, memory);
  return memory;
}

function keeping<Each>(): Kept<Each> {
  return new LRUCache({
    ...{ maxSize: mostRemembered, ttl: rememberedMs },
    sizeCalculation: ({ all }) => 1 + all.length,
  });
}
