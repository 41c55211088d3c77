import type { Progress } from '../local/progress.ts';
import type { Flags } from './flags.ts';

/** What a benchmark found. */
export interface Report {
  /** Heading and rows, as people read them. */
  rows: string[][];
  /** The same for programs. */
  figures: Record<string, unknown>;
  /** What has to be known beside it. */
  remarks?: string[];
}

export interface BenchmarkContext {
  env: Record<string, string | undefined>;
  signal: AbortSignal;
  progress: Progress;
  flags: Flags;
}

export interface Benchmark {
  /** One line for the list of benchmarks. */
  summary: string;
  /** Not run unless it is named, because of how long it takes. */
  isNamedOnly?: boolean;
  run(context: BenchmarkContext): Promise<Report>;
}
