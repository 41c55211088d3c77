// What comes next while every subgraph does its part of something for a tenant: subgraph after subgraph, batch after
// batch. It never gives up. All of it follows from what is stored, so a crash loses nothing. Pure.

export interface RoundPart {
  readonly subgraph: string;
  readonly isDone: boolean;
  /** The number of the batch that is asked for next, or was. */
  readonly batch: number;
  /** In a row. */
  readonly failures: number;
  /** Why it failed the last time; null once it went on. */
  readonly error: string | null;
}

export interface Rounds<Part extends RoundPart> {
  readonly parts: readonly Part[];
  /** When to ask, for the first time or again; null when it is done. */
  readonly dueAt: Date | null;
}

export type RoundAnswer = Pick<RoundPart, 'subgraph' | 'batch' | 'isDone' | 'error'>;

export interface RoundPatience {
  /** After a first failure; each further wait is four times as long, an hour at most. */
  readonly retryMs: number;
  /** A request without an answer is repeated after this. */
  readonly repeatMs: number;
}

const longestWaitMs = 3_600_000;

export function firstRound(subgraph: string): RoundPart {
  return { subgraph, isDone: false, batch: 1, failures: 0, error: null };
}

/** Takes an answer in. One to another request than the last changes nothing. */
export function answered<Part extends RoundPart>(
  state: Rounds<Part>,
  { subgraph, batch, isDone, error }: RoundAnswer,
  { now, patience, count }: { now: Date; patience: RoundPatience; count(part: Part): Part },
): Rounds<Part> {
  const current = currentPart(state);
  if (current?.subgraph !== subgraph || current.batch !== batch) return state;
  const failures = error === null ? 0 : current.failures + 1;
  const waitMs = error === null ? 0 : Math.min(patience.retryMs * 4 ** (failures - 1), longestWaitMs);
  const next: Part = { ...count(current), isDone, error, failures, batch: batch + 1 };
  const parts = state.parts.map((part) => (part === current ? next : part));
  const isOver = parts.every((part) => part.isDone);
  return { parts, dueAt: isOver ? null : new Date(now.getTime() + waitMs) };
}

/** The request that is due, if any, and the state after it. */
export function askNext<Part extends RoundPart>(
  state: Rounds<Part>,
  { now, patience }: { now: Date; patience: RoundPatience },
): { state: Rounds<Part>; request: Pick<RoundPart, 'subgraph' | 'batch'> | null } {
  const current = currentPart(state);
  if (current === undefined || state.dueAt === null || state.dueAt > now) return { state, request: null };
  const { subgraph, batch } = current;
  return {
    state: { ...state, dueAt: new Date(now.getTime() + patience.repeatMs) },
    request: { subgraph, batch },
  };
}

function currentPart<Part extends RoundPart>({ parts }: Rounds<Part>): Part | undefined {
  return parts.find(({ isDone }) => !isDone);
}
