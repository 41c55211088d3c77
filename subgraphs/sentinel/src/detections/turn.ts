// Whose turn it is to look through a tenant's events, and what a copy may remember from one turn of its own to the next.
import { orBeginAnew } from '@supergraph/chassis/database';
import { currentTenant } from '@supergraph/chassis/tenancy';
import { afterCommit } from '@supergraph/chassis/transaction';
import { LRUCache } from 'lru-cache';
import type { Sentinel } from '../context.ts';
import type { CountedOccurrence } from './occurrence-model.ts';

/** All occurrences of a group from an instant on. */
export interface Remembered {
  readonly from: number;
  readonly occurrences: readonly CountedOccurrence[];
}

export interface Turn {
  /** What is known of a group without asking the database; undefined when it has to be asked. */
  recall(group: string): Remembered | undefined;
  /** Remembers it once the transaction is committed. */
  remember(group: string, known: Remembered): void;
}

interface Memory {
  /** By tenant and group. */
  readonly groups: LRUCache<string, Remembered & { readonly run: Run }>;
  readonly runs: LRUCache<string, Run>;
}

/** Turns of one tenant that this copy had one after the other, with nobody else's in between. */
interface Run {
  last: number;
}

/** Some 50 MB. */
const mostRemembered = 250_000;
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
  const { groups, runs } = memoryOf(connection);
  const known = runs.get(tenantId);
  // Another copy had a turn, or one of ours was not committed: what is remembered is no longer all.
  const run = known?.last === turns - 1 ? known : { last: Number.NaN };
  runs.set(tenantId, run);
  const changed = new Map<string, Remembered>();
  await afterCommit('detection-turn', async () => {
    if (runs.get(tenantId) !== run) return;
    run.last = turns;
    for (const [group, each] of changed) groups.set(`${tenantId} ${group}`, { ...each, run });
  });
  return {
    recall(group) {
      const found = groups.get(`${tenantId} ${group}`);
      return found?.run === run ? found : undefined;
    },
    remember: (group, each) => void changed.set(group, each),
  };
}

function memoryOf(connection: Sentinel['connection']): Memory {
  const known = memories.get(connection);
  if (known !== undefined) return known;
  const memory: Memory = {
    groups: new LRUCache({
      maxSize: mostRemembered,
      sizeCalculation: ({ occurrences }) => 1 + occurrences.length,
    }),
    runs: new LRUCache({ max: mostTenants }),
  };
  memories.set(connection, memory);
  return memory;
}
