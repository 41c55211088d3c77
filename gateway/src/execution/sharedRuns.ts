// Queries under way. Whoever asks the same as the same viewer while one is being answered waits for that answer, so that
// a page that many windows show, or a client that asks in haste, costs one execution at a time.
import type { Viewer } from '@supergraph/chassis/viewer';
import type { FetchingViewer, FetchingViewers } from './fetchingViewers.ts';
import { Cancellation } from './resilience/cancellation.ts';
import { SharedWork, WorkUnderWay } from './sharedWork.ts';

export interface RunToShare<T> {
  /** Equal for operations that are answered alike, apart from variables and viewer. */
  key: string;
  variables: Readonly<Record<string, unknown>>;
  viewer: Viewer;
  /** A resolver may look at it. */
  ipAddress: string | undefined;
  /** Begins the work, which ends early when it is cancelled, given up by all who wait. */
  begin(abandoned: Cancellation): Promise<T>;
}

export interface SharedRuns<T> {
  /** The answer of the run under way, or of a new one. A mutation of the viewer's that ended since makes it a new one. */
  join(run: RunToShare<T>): AwaitedRun<T>;
}

export interface AwaitedRun<T> {
  answer: Promise<T>;
  /** To be called when this one does not wait any more. */
  leave(): void;
}

export function createSharedRuns<T>(viewers: Pick<FetchingViewers, 'of'>): SharedRuns<T> {
  const ofViewers = new WeakMap<FetchingViewer, WorkUnderWay<T>>();

  function begin(work: RunToShare<T>['begin']): SharedWork<T> {
    const abandoned = new Cancellation();
    return new SharedWork({
      answer: work(abandoned),
      isOpen: () => !abandoned.isCancelled,
      giveUp: () => abandoned.cancel(),
    });
  }

  return {
    join(run) {
      const { ipAddress } = run;
      const viewer = viewers.of(run.viewer);
      let underWay = ofViewers.get(viewer);
      if (underWay === undefined) {
        underWay = new WorkUnderWay();
        ofViewers.set(viewer, underWay);
      }
      const key = `${run.key} ${JSON.stringify(run.variables)}`;
      const work = underWay.find({ key, viewer, ipAddress, begin: () => begin(run.begin) });
      return { answer: work.answer, leave: work.enter() };
    },
  };
}
