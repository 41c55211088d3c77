// What the fetches of one viewer have in common: a passport for each subgraph, and those under way that others who are
// the same viewer may wait for too.
import { type PassportMint, viewerIdentity } from '@supergraph/chassis/passport';
import type { Viewer } from '@supergraph/chassis/viewer';
import { LRUCache } from 'lru-cache';
import { WorkUnderWay } from './sharedWork.ts';

/** Everybody who would get the same passport. */
export class FetchingViewer {
  /** Mutations of theirs that have ended, well or badly: what was asked before one of them may be out of date. */
  mutationsEnded = 0;
  /** Whether others look here no more. */
  isForgotten = false;
  readonly #atSubgraphs = new WeakMap<object, ViewerAtSubgraph>();

  at(subgraph: object): ViewerAtSubgraph {
    let there = this.#atSubgraphs.get(subgraph);
    if (there === undefined) {
      there = { passport: '', passportIsFreshUntil: 0, underWay: new WorkUnderWay() };
      this.#atSubgraphs.set(subgraph, there);
    }
    return there;
  }
}

export interface ViewerAtSubgraph {
  passport: string;
  /** By `performance.now()`. */
  passportIsFreshUntil: number;
  /** Queries, by what is asked. */
  readonly underWay: WorkUnderWay<string>;
}

export interface FetchingViewers {
  of(viewer: Viewer): FetchingViewer;
  mintPassport: PassportMint;
}

const mostRemembered = 10_000;

export function createFetchingViewers(mintPassport: PassportMint): FetchingViewers {
  const byIdentity = new LRUCache<string, FetchingViewer>({
    max: mostRemembered,
    dispose: (viewer) => {
      viewer.isForgotten = true;
    },
  });
  // The gateway keeps one Viewer per access token, so that most fetches skip the joining of its claims.
  const known = new WeakMap<Viewer, FetchingViewer>();
  return {
    mintPassport,
    of(viewer) {
      const before = known.get(viewer);
      if (before !== undefined && !before.isForgotten) return before;
      const identity = viewerIdentity(viewer);
      let found = byIdentity.get(identity);
      if (found === undefined) {
        found = new FetchingViewer();
        byIdentity.set(identity, found);
      }
      known.set(viewer, found);
      return found;
    },
  };
}
