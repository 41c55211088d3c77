// What an export is made of and how long it is there. Pure.
import {
  answered,
  firstRound,
  type RoundAnswer,
  type RoundPart,
  type RoundPatience,
  type Rounds,
} from '../lifecycle/rounds.ts';

export interface ExportPart extends RoundPart {
  /** Documents written so far. */
  readonly documents: number;
}

export type ExportState = Rounds<ExportPart>;

export interface ExportAnswer extends RoundAnswer {
  /** All that were written so far. */
  readonly documents: number;
}

const keptMs = 7 * 86_400_000;

export function newExport(subgraphs: readonly string[], now: Date): ExportState & { expiresAt: Date } {
  const parts = [...new Set(subgraphs)].sort().map((name) => ({ ...firstRound(name), documents: 0 }));
  return { parts, dueAt: now, expiresAt: new Date(now.getTime() + keptMs) };
}

/** Takes an answer in. One to another request than the last changes nothing. */
export function exportAnswered(
  state: ExportState,
  answer: ExportAnswer,
  at: { now: Date; patience: RoundPatience },
): ExportState {
  const count = (part: ExportPart) =>
    answer.error === null ? { ...part, documents: answer.documents } : part;
  return answered(state, answer, { ...at, count });
}

/** Where a part is downloaded, on the platform's public origin. */
export function downloadPath({ exportId, subgraph }: { exportId: string; subgraph: string }): string {
  return `/graphql/exports/${exportId}/${subgraph}`;
}
