import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';

/** One transaction in the region of the tenant in scope, where all that is the tenant's own lies. */
export function inTenantsRegion<T>(
  service: Pick<Arthemiz, 'transaction'>,
  work: (unit: UnitOfWork) => Promise<T>,
): Promise<T> {
  return service.transaction(work, { at: 'region' });
}
