// A supergraph in a file. The file's facts are looked at each second: that sees a file written anew, another put in its
// place, and the symbolic links that Kubernetes swaps for a ConfigMap, on any file system.
import { readFile, stat } from 'node:fs/promises';
import { type SupergraphSource, supergraphVersion } from './supergraphSource.ts';

export interface FileSourceOptions {
  file: string;
  /** How often to look. Default 1 s. */
  pollMs?: number;
}

export function supergraphFile({ file, pollMs = 1_000 }: FileSourceOptions): SupergraphSource {
  let seen = '';
  let timer: NodeJS.Timeout | undefined;

  /** Another where the file may hold something else. */
  async function facts(): Promise<string> {
    return stat(file).then(
      ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
      () => 'away',
    );
  }

  return {
    name: `${file} (SUPERGRAPH_FILE)`,
    async read() {
      // Before the text: what is written meanwhile is seen again.
      seen = await facts();
      return supergraphVersion({ sdl: await readFile(file, 'utf8'), label: 'file', urls: {} });
    },
    watch(look) {
      timer = setInterval(async () => {
        const now = await facts();
        if (now === seen) return;
        seen = now;
        look();
      }, pollMs).unref();
    },
    async stop() {
      clearInterval(timer);
    },
  };
}
