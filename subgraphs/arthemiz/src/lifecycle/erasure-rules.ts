// What comes next while a tenant's data is erased: subgraph after subgraph, batch after batch. It never gives up, since
// what was promised to be gone has to go. All of it follows from what is stored, so a crash loses nothing. Pure.

export interface ErasurePart {
  readonly subgraph: string;
  readonly isDone: boolean;
  /** Documents erased so far. */
  readonly erased: number;
  /** The number of the batch that is asked for next, or was. */
  readonly batch: number;
  /** In a row. */
  readonly failures: number;
  /** Why it failed the last time; null once it went on. */
  readonly error: string | null;
}

export interface ErasureState {
  readonly parts: readonly ErasurePart[];
  /** When to ask, for the first time or again; null when it is done. */
  readonly dueAt: Date | null;
}

export interface BatchAnswer {
  readonly subgraph: string;
  readonly batch: number;
  readonly erased: number;
  readonly isDone: boolean;
  readonly error: string | null;
}

export interface ErasurePatience {
  /** After a first failure; each further wait is four times as long, an hour at most. */
  readonly retryMs: number;
  /** A request without an answer is repeated after this. */
  readonly repeatMs: number;
}

const longestWaitMs = 3_600_000;

/** `last` holds what the others are found by. */
export function newErasure(
  subgraphs: readonly string[],
  { last, now }: { last: string; now: Date },
): ErasureState {
  const others = [...new Set(subgraphs)].filter((subgraph) => subgraph !== last).sort();
  const parts = [...others, last].map((subgraph) => ({
    ...{ subgraph, isDone: false, erased: 0, batch: 1, failures: 0, error: null },
  }));
  return { parts, dueAt: now };
}

/** Takes an answer in. One to another request than the last changes nothing. */
export function batchAnswered(
  state: ErasureState,
  answer: BatchAnswer,
  { now, patience }: { now: Date; patience: ErasurePatience },
): ErasureState {
  const current = currentPart(state);
  if (current?.subgraph !== answer.subgraph || current.batch !== answer.batch) return state;
  const { error, isDone } = answer;
  const failures = error === null ? 0 : current.failures + 1;
  const waitMs = error === null ? 0 : Math.min(patience.retryMs * 4 ** (failures - 1), longestWaitMs);
  const next = {
    ...{ ...current, isDone, error, failures },
    erased: current.erased + answer.erased,
    batch: current.batch + 1,
  };
  const parts = state.parts.map((part) => (part === current ? next : part));
  const isOver = parts.every((part) => part.isDone);
  return { parts, dueAt: isOver ? null : new Date(now.getTime() + waitMs) };
}

/** The request that is due, if any, and the state after it. */
export function askNext(
  state: ErasureState,
  { now, patience }: { now: Date; patience: ErasurePatience },
): { state: ErasureState; request: Pick<ErasurePart, 'subgraph' | 'batch'> | null } {
  const current = currentPart(state);
  if (current === undefined || state.dueAt === null || state.dueAt > now) return { state, request: null };
  const { subgraph, batch } = current;
  return {
    state: { ...state, dueAt: new Date(now.getTime() + patience.repeatMs) },
    request: { subgraph, batch },
  };
}

function currentPart({ parts }: ErasureState): ErasurePart | undefined {
  return parts.find(({ isDone }) => !isDone);
}
