// Records from before they carried their end: from now on nothing else deletes them, and each is given one.
import type { Service } from '../service.ts';
import { acrossTenants } from '../tenancy.ts';
import { endOf } from './keeping.ts';
import { type Kept, type KeptModels, momentIn } from './kept.ts';

const batchSize = 1_000;

/** Changes nothing where that was done before. Several copies may do it at once. */
export function adoptEarlier<Config>(
  { config, connection }: Service<Config, unknown>,
  { kept, region }: { kept: KeptModels<Config>; region: string },
): Promise<void> {
  return acrossTenants(
    'records from before they carried their end are given one',
    async () => {
      for (const [name, { since, days }] of Object.entries(kept)) {
        const model = connection.model<Kept>(name);
        for (const { name: index, key, expireAfterSeconds } of await model.listIndexes())
          if (expireAfterSeconds !== undefined && !('expiresAt' in key))
            await model.collection.dropIndex(index);
        while (true) {
          const found = await model
            .find({ expiresAt: null }, { [since]: 1 })
            .limit(batchSize)
            .lean();
          const given = found.map((document) => ({
            updateOne: {
              filter: { _id: document._id },
              update: { $set: { expiresAt: endOf(momentIn(document, since), { days: days(config) }) } },
            },
          }));
          if (given.length === 0) break;
          await model.bulkWrite(given, { ordered: false });
        }
      }
    },
    { region },
  );
}
