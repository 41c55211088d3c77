import { createHash } from 'node:crypto';

/** A supergraph as somebody made it known. */
export interface SupergraphVersion {
  sdl: string;
  /** Identifies its text and its URLs. */
  hash: string;
  /** What people call it, e.g. `file` or `version 12`. */
  label: string;
  /** Subgraph → URL of its GraphQL endpoint, for those that it brings along. */
  urls: Readonly<Record<string, string>>;
}

/** Where supergraphs come from. */
export interface SupergraphSource {
  /** For people: where to look when something is wrong with it. */
  readonly name: string;
  /** The newest. @throws where there is none, or it can't be read now. */
  read(): Promise<SupergraphVersion>;
  /** Calls `look` whenever there may be another, until it is told to stop. */
  watch(look: () => void): void;
  stop(): Promise<void>;
}

export function supergraphVersion(given: Omit<SupergraphVersion, 'hash'>): SupergraphVersion {
  const urls = Object.entries(given.urls).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256')
    .update(JSON.stringify([given.sdl, urls]))
    .digest('hex')
    .slice(0, 16);
  return { ...given, hash };
}
