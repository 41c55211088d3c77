// The supergraph that was published last. Whether there is another is asked every two seconds: a change stream would
// tell sooner, and would have to be watched and resumed itself.
import { inTime } from '@supergraph/chassis/deadline';
import { openPublications, type Publications, type PublicationsOptions } from './publications.ts';
import { type SupergraphSource, supergraphVersion } from './supergraphSource.ts';

export interface PublishedSourceOptions extends PublicationsOptions {
  /** How often to look. Default 2 s. */
  pollMs?: number;
}

/** How long a look may wait for a connection. */
const connectMs = 5_000;

export function publishedSupergraph({
  pollMs = 2_000,
  ...options
}: PublishedSourceOptions): SupergraphSource {
  let opening: Promise<Publications> | undefined;
  let seen: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;

  function publications(): Promise<Publications> {
    opening ??= openPublications(options);
    opening.catch(() => {
      // It gave up after a minute; the next look begins anew.
      opening = undefined;
    });
    return inTime(opening, {
      deadlineMs: connectMs,
      otherwise: () => {
        throw new Error(`MongoDB (SUPERGRAPH_MONGODB_URI) did not answer within ${connectMs} ms.`);
      },
    });
  }

  async function isAnother(): Promise<boolean> {
    try {
      return (await (await publications()).newestVersion()) !== seen;
    } catch {
      // Reading it tells what is wrong.
      return true;
    }
  }

  function watch(look: () => void): void {
    timer = setTimeout(async () => {
      if (await isAnother()) look();
      if (!isStopping) watch(look);
    }, pollMs).unref();
  }

  return {
    name: 'the published supergraph (SUPERGRAPH_MONGODB_URI)',
    async read() {
      seen = undefined;
      const publication = await (await publications()).read();
      if (publication === null) throw new Error('No supergraph has been published.');
      const { _id, sdl, urls } = publication;
      seen = _id;
      return supergraphVersion({ sdl, urls, label: String(_id) });
    },
    watch,
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      await opening?.then(
        (opened) => opened.close(),
        () => undefined,
      );
    },
  };
}
