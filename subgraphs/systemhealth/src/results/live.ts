// What is pushed to who watches runs: the results that were recorded together, those of one tenant at a time.
import type { SystemHealth } from '../context.ts';

/** Live topic of a tenant. */
export const checkResultsTopic = 'check-results';

/** One result, with its instant in milliseconds since 1970. */
export interface PushedRun {
  readonly checkId: string;
  readonly serviceId: string;
  readonly at: number;
  readonly isSuccess: boolean;
  readonly latencyMs: number;
  readonly message: string | null;
  readonly isDegraded?: boolean;
}

export interface PushedRuns {
  readonly runs: readonly PushedRun[];
}

export interface RecordedRun extends PushedRun {
  readonly tenantId: string;
}

/** Never fails: who watches draws a gap, and what was found is recorded already. */
export async function pushRuns({ live, logger }: SystemHealth, runs: readonly RecordedRun[]): Promise<void> {
  const ofTenants = new Map<string, PushedRun[]>();
  for (const { tenantId, ...run } of runs) {
    const known = ofTenants.get(tenantId);
    if (known) known.push(run);
    else ofTenants.set(tenantId, [run]);
  }
  await Promise.all(
    [...ofTenants].map(([tenantId, own]) =>
      live
        .publish(checkResultsTopic, { runs: own } satisfies PushedRuns, { tenantId })
        .catch((error: unknown) => logger.warn({ err: error }, 'results of checks could not be pushed')),
    ),
  );
}
