import type { MeasuredProcess } from '../measured-process.ts';

/** A gateway that takes part. */
export interface Contestant {
  /** As the table shows it. */
  title: string;
  /** Where it answers GraphQL over HTTP. */
  url: string;
  process: MeasuredProcess;
  /** Whether it looks at the token of whoever asks. */
  knowsViewers: boolean;
}

/** What all of them are given. */
export interface Stage {
  /** The checkout. */
  root: string;
  /** For files that live as long as the run. */
  folder: string;
  /** A free port. */
  port: number;
  /** Files: with the permissions in the SDL, and without any. */
  supergraphs: { guarded: string; open: string };
  /** Environment of the starter. */
  env: Record<string, string | undefined>;
}

/** A contestant that can't be here: what is missing, and what would bring it. */
export class Absent extends Error {
  override readonly name = 'Absent';
}
