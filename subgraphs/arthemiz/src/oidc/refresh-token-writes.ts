// The two writes of a refresh, each of them for many refreshes at once: that a token was used, and its successor.
import { randomUUID } from 'node:crypto';
import type { AnyBulkWriteOperation } from 'mongoose';
import { mongo } from 'mongoose';
import { inBatches } from '../batches.ts';
import type { Arthemiz } from '../context.ts';
import type { ArtifactRow } from './artifact-model.ts';

export interface RefreshTokenWrites {
  /** Notes that the token of this id is used now. @returns whether nobody had noted it before, and the token is there */
  use(use: { _id: string; now: Date }): Promise<boolean>;
  /** Stores a token, or what it says now. */
  store(row: Omit<ArtifactRow, 'consumedAt'>): Promise<void>;
}

export function createRefreshTokenWrites({ models }: Pick<Arthemiz, 'models'>): RefreshTokenWrites {
  const { OidcArtifact } = models;

  const use = inBatches<{ _id: string; now: Date }, boolean>(async (uses) => {
    const marked = uses.map((each) => ({ ...each, useId: randomUUID() }));
    const { matchedCount } = await OidcArtifact.bulkWrite(
      marked.map(({ _id, now, useId }) => ({
        updateOne: { filter: { _id, consumedAt: null }, update: { $set: { consumedAt: now, useId } } },
      })),
      { ordered: false },
    );
    if (matchedCount === uses.length) return uses.map(() => true);
    const rows = await OidcArtifact.find({ _id: { $in: uses.map(({ _id }) => _id) } }, { useId: 1 }).lean();
    const users = new Set(rows.map(({ useId }) => useId));
    return marked.map(({ useId }) => users.has(useId));
  });

  const store = inBatches<Omit<ArtifactRow, 'consumedAt'>, undefined>(async (rows) => {
    const operations = rows.map(
      ({ _id, ...row }): AnyBulkWriteOperation<ArtifactRow> => ({
        updateOne: {
          filter: { _id },
          update: { $set: row, $setOnInsert: { consumedAt: null } },
          upsert: true,
        },
      }),
    );
    try {
      await OidcArtifact.bulkWrite(operations, { ordered: false });
      return rows.map(() => undefined);
    } catch (error) {
      if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
      const failed = [error.writeErrors].flat();
      return rows.map((_, at) => (failed.some(({ index }) => index === at) ? error : undefined));
    }
  });

  return { use, store };
}
