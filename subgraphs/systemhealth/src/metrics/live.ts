// What is pushed to who watches metrics: the samples that were stored together, those of one tenant at a time.

import type { Label } from '../alerts/rules.ts';
import type { SystemHealth } from '../context.ts';
import { groupedBy } from './grouping.ts';
import type { SeriesSample } from './storing.ts';

/** Live topic of a tenant. */
export const metricSamplesTopic = 'metric-samples';

/** One sample, with its instant in milliseconds since 1970. */
export interface PushedSample {
  readonly seriesId: string;
  readonly metric: string;
  readonly labels: readonly Label[];
  readonly at: number;
  readonly value: number;
}

export interface PushedSamples {
  readonly samples: readonly PushedSample[];
}

/** Never fails: who watches draws a gap, and the samples are stored already. */
export async function pushSamples(
  { live, logger }: SystemHealth,
  samples: readonly SeriesSample[],
): Promise<void> {
  const ofTenants = groupedBy(samples, ({ tenantId }) => tenantId);
  await Promise.all(
    [...ofTenants].map(([tenantId, own]) =>
      live
        .publish(
          metricSamplesTopic,
          { samples: own.map(({ tenantId: _, ...sample }) => sample) } satisfies PushedSamples,
          { tenantId },
        )
        .catch((error: unknown) => logger.warn({ err: error }, 'samples of metrics could not be pushed')),
    ),
  );
}
