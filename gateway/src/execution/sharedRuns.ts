// Queries under way. Whoever asks the same as the same viewer while one is being answered waits for that answer, so that
// a page that many windows show, or a client that asks in haste, costs one execution at a time.
import type { Viewer } from '@supergraph/chassis/viewer';
import type { FetchingViewer, FetchingViewers } from './fetchingViewers.ts';

export interface RunToShare<T> {
  /** Equal for operations that are answered alike, apart from variables and viewer. */
  key: string;
  variables: Readonly<Record<string, unknown>>;
  viewer: Viewer;
  /** A resolver may look at it. */
  ipAddress: string | undefined;
  /** Aborted when this one does not wait any more. */
  gone: AbortSignal | undefined;
  /** Begins the work, which ends early when the signal, given up by all who wait, is aborted. */
  begin(abandoned: AbortSignal): Promise<T>;
}

export interface SharedRuns<T> {
  /** The answer of the run under way, or of a new one. A mutation of the viewer's that ended since makes it a new one. */
  join(run: RunToShare<T>): Promise<T>;
}

interface RunUnderWay<T> {
  answer: Promise<T>;
  abandon: AbortController;
  waiting: number;
  /** The viewer's when it began. */
  mutationsEnded: number;
}

export function createSharedRuns<T>(viewers: Pick<FetchingViewers, 'of'>): SharedRuns<T> {
  const ofViewers = new WeakMap<FetchingViewer, Map<string, RunUnderWay<T>>>();

  function begin({ begin: work }: RunToShare<T>, viewer: FetchingViewer): RunUnderWay<T> {
    const abandon = new AbortController();
    const { mutationsEnded } = viewer;
    return { answer: work(abandon.signal), abandon, waiting: 0, mutationsEnded };
  }

  return {
    join(run) {
      const viewer = viewers.of(run.viewer);
      let underWay = ofViewers.get(viewer);
      if (underWay === undefined) {
        underWay = new Map();
        ofViewers.set(viewer, underWay);
      }
      const ofViewer = underWay;
      const key = `${run.key} ${run.ipAddress} ${JSON.stringify(run.variables)}`;
      let shared = ofViewer.get(key);
      if (
        shared === undefined ||
        shared.abandon.signal.aborted ||
        shared.mutationsEnded !== viewer.mutationsEnded
      ) {
        const started = begin(run, viewer);
        shared = started;
        ofViewer.set(key, started);
        const forget = () => {
          if (ofViewer.get(key) === started) ofViewer.delete(key);
        };
        started.answer.then(forget, forget);
      }
      return wait(shared, run.gone);
    },
  };
}

/** Work that nobody waits for any more is abandoned. */
function wait<T>(shared: RunUnderWay<T>, gone: AbortSignal | undefined): Promise<T> {
  shared.waiting += 1;
  if (gone === undefined) return shared.answer;
  const leave = () => {
    shared.waiting -= 1;
    if (shared.waiting === 0) shared.abandon.abort();
  };
  if (gone.aborted) leave();
  else gone.addEventListener('abort', leave, { once: true });
  return shared.answer;
}
