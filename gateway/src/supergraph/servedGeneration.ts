// The generation that is served. Another takes its place between two operations: those to come are prepared by the new
// one, and what the old one has prepared it answers, subscriptions included.
import type { Generation } from '../generation.ts';
import type { Operations } from '../operations.ts';
import type { LiveOperations } from '../subscriptions/liveOperations.ts';

export interface ServedGeneration {
  /** For whoever serves clients: stays the same while generations come and go. */
  readonly operations: Operations;
  readonly live: LiveOperations;
  current(): Generation;
  /** Generations that are not served any more, and whose operations or subscriptions go on. */
  retired(): number;
  replace(next: Generation): void;
  /** Calls the listener whenever another has taken the place of one. */
  onReplace(listener: () => void): void;
  stop(): void;
}

export interface ServedGenerationOptions {
  first: Generation;
  /** Longer than any query or mutation takes. */
  longestOperationMs: number;
}

export function serveGenerations({ first, longestOperationMs }: ServedGenerationOptions): ServedGeneration {
  let current = first;
  const subscriptions = new Map<Operations, { generation: Generation; open: number; mayClose: boolean }>();
  const begin = (generation: Generation) =>
    subscriptions.set(generation.operations, { generation, open: 0, mayClose: false });
  const timers = new Set<NodeJS.Timeout>();
  const listeners: (() => void)[] = [];
  begin(first);

  function closeIfUnused(by: Operations): void {
    const known = subscriptions.get(by);
    if (known === undefined || !known.mayClose || known.open > 0) return;
    subscriptions.delete(by);
    known.generation.close();
  }

  function retire(generation: Generation): void {
    generation.retire();
    // Queries and mutations are not counted, as they are over by then.
    const timer = setTimeout(() => {
      timers.delete(timer);
      const known = subscriptions.get(generation.operations);
      if (known) known.mayClose = true;
      closeIfUnused(generation.operations);
    }, longestOperationMs).unref();
    timers.add(timer);
  }

  return {
    operations: {
      prepare: (parameters, context) => current.operations.prepare(parameters, context),
      reauthorize: (prepared, session) => prepared.by.reauthorize(prepared, session),
      execute: (prepared, gone) => prepared.by.execute(prepared, gone),
      executeInParts: (prepared, options) => prepared.by.executeInParts(prepared, options),
    },
    live: {
      subscribe(prepared, subscriber, resumeAfter) {
        const known = subscriptions.get(prepared.by);
        if (known === undefined)
          throw new Error('An operation was subscribed to long after it was prepared.');
        known.open += 1;
        let isOpen = true;
        const left = () => {
          if (!isOpen) return;
          isOpen = false;
          known.open -= 1;
          closeIfUnused(prepared.by);
        };
        try {
          const subscription = known.generation.live.subscribe(prepared, subscriber, resumeAfter);
          return {
            reauthorize: (session) => subscription.reauthorize(session),
            end() {
              subscription.end();
              left();
            },
          };
        } catch (error) {
          left();
          throw error;
        }
      },
    },
    current: () => current,
    retired: () => subscriptions.size - 1,
    replace(next) {
      const before = current;
      begin(next);
      current = next;
      retire(before);
      for (const listener of listeners) listener();
    },
    onReplace: (listener) => void listeners.push(listener),
    stop() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
