// The last run of an operation, for the plan beside it.
import { readTimings, type Timings } from './timings.ts';

export interface Run {
  query: string;
  operationName: string | undefined;
  timings: Timings;
}

export interface Runs {
  last(): Run | null;
  watch(listener: () => void): () => void;
  /** Remembers how long an operation took, where its response says so. */
  record(run: Omit<Run, 'timings'>, response: Response): void;
}

export function createRuns(): Runs {
  const listeners = new Set<() => void>();
  let last: Run | null = null;
  return {
    last: () => last,
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    record(run, response) {
      const timings = readTimings(response.headers.get('server-timing'));
      last = timings && { ...run, timings };
      for (const listener of listeners) listener();
    },
  };
}
