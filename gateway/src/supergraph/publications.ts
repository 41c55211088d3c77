// Published supergraphs in MongoDB, each with a number, for all gateways of an installation. The newest is the one that
// is served; going back is publishing an earlier one again.
import { connectDatabase, isDuplicateKey } from '@supergraph/chassis/database';
import type { Logger } from '@supergraph/chassis/logging';
import { z } from 'zod';

const publicationShape = z.object({
  /** 1, 2, 3, … */
  _id: z.number().int(),
  sdl: z.string(),
  /** Subgraph → URL, for those that it brings along. */
  urls: z.record(z.string(), z.string()),
  publishedAt: z.date(),
  /** Why, for people. */
  note: z.string(),
  /** The version that was published again. */
  copyOf: z.number().int().nullable(),
});
export type Publication = z.infer<typeof publicationShape>;

export interface Publications {
  /** Number of the newest; 0 where there is none. */
  newestVersion(): Promise<number>;
  /** The one of that number, or the newest. */
  read(version?: number): Promise<Publication | null>;
  /** Makes it the newest. @returns its number. */
  publish(publication: Omit<Publication, '_id' | 'publishedAt'>): Promise<number>;
  /** The newest fifty, without their text. */
  list(): Promise<Omit<Publication, 'sdl' | 'urls'>[]>;
  close(): Promise<void>;
}

export interface PublicationsOptions {
  /** SUPERGRAPH_MONGODB_URI. */
  uri: string;
  /** NAMESPACE; the database is `${namespace}_gateway`. */
  namespace: string;
  logger: Logger;
}

/** Older ones are deleted when another is published. */
const mostKept = 100;

/** @throws when MongoDB does not answer within a minute. */
export async function openPublications(options: PublicationsOptions): Promise<Publications> {
  const connection = await connectDatabase({ ...options, service: 'gateway' });
  const collection = connection.collection<Publication>('supergraphs');
  const newestFirst = { sort: { _id: -1 }, maxTimeMS: 5_000 } as const;

  async function newestVersion(): Promise<number> {
    const newest = await collection.findOne({}, { ...newestFirst, projection: { _id: 1 } });
    return newest?._id ?? 0;
  }

  return {
    newestVersion,
    async read(version) {
      const found = await collection.findOne(version === undefined ? {} : { _id: version }, newestFirst);
      return found === null ? null : publicationShape.parse(found);
    },
    async publish(publication) {
      for (;;) {
        const _id = (await newestVersion()) + 1;
        try {
          await collection.insertOne({ ...publication, _id, publishedAt: new Date() });
          await collection.deleteMany({ _id: { $lte: _id - mostKept } });
          return _id;
        } catch (error) {
          // Somebody else published at the same moment: ours comes after theirs.
          if (!isDuplicateKey(error)) throw error;
        }
      }
    },
    async list() {
      const found = await collection
        .find({}, { ...newestFirst, limit: 50, projection: { sdl: 0, urls: 0 } })
        .toArray();
      return z.array(publicationShape.omit({ sdl: true, urls: true })).parse(found);
    },
    close: () => connection.close(),
  };
}
