// What one operation reads by id, in one query.
import { entityLoader } from '@supergraph/chassis/loader';
import type { Sentinel } from './context.ts';

export function createLoaders({ models }: Sentinel) {
  return {
    securityEvent: entityLoader(models.SecurityEvent),
    finding: entityLoader(models.Finding),
    response: entityLoader(models.Response),
    /** By tenant. */
    baseline: entityLoader(models.Baseline, { key: 'tenantId' }),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
