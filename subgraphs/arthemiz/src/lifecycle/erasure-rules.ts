// How a tenant's data is erased: what was promised to be gone has to go. Pure.
import {
  answered,
  firstRound,
  type RoundAnswer,
  type RoundPart,
  type RoundPatience,
  type Rounds,
} from './rounds.ts';

export interface ErasurePart extends RoundPart {
  /** Documents erased so far. */
  readonly erased: number;
}

export type ErasureState = Rounds<ErasurePart>;

export interface BatchAnswer extends RoundAnswer {
  readonly erased: number;
}

/** `last` holds what the others are found by. */
export function newErasure(
  subgraphs: readonly string[],
  { last, now }: { last: string; now: Date },
): ErasureState {
  const others = [...new Set(subgraphs)].filter((subgraph) => subgraph !== last).sort();
  return { parts: [...others, last].map((subgraph) => ({ ...firstRound(subgraph), erased: 0 })), dueAt: now };
}

/** Takes an answer in. One to another request than the last changes nothing. */
export function batchAnswered(
  state: ErasureState,
  answer: BatchAnswer,
  at: { now: Date; patience: RoundPatience },
): ErasureState {
  const count = (part: ErasurePart) => ({ ...part, erased: part.erased + answer.erased });
  return answered(state, answer, { ...at, count });
}
