// Where the platform of a data folder answers, for commands that run beside it.
import { join } from 'node:path';
import { z } from 'zod';
import { readState } from './files.ts';
import { holderOf } from './lock.ts';

const runtimeSchema = z.object({ pid: z.int(), origin: z.url(), tlsOrigin: z.url() });
export type Runtime = z.infer<typeof runtimeSchema>;

export function runtimeFile(dataDir: string): string {
  return join(dataDir, 'runtime.json');
}

/** The running platform of that folder; undefined where none is ready. */
export function readRuntime(dataDir: string): Runtime | undefined {
  const runtime = readState(runtimeFile(dataDir), runtimeSchema);
  return runtime !== undefined && holderOf(dataDir)?.pid === runtime.pid ? runtime : undefined;
}
