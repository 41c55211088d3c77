// Deciding that a tenant goes, and changing one's mind before its time has come. erasing.ts does the rest.
import type { Arthemiz } from '../context.ts';
import { changeLifecycle, type LifecycleOutcome } from './changing.ts';
import { tellDeletionCancelled, tellDeletionScheduled } from './events.ts';
import { cancelled, type DeletionPlan, scheduled } from './rules.ts';

export function scheduleDeletion(
  service: Arthemiz,
  { tenantId, ...plan }: { tenantId: string } & Omit<DeletionPlan, 'tenant'>,
): Promise<LifecycleOutcome> {
  return changeLifecycle(service, {
    tenantId,
    decide: (lifecycle, { slug }) => scheduled(lifecycle, { ...plan, tenant: { id: tenantId, slug } }),
    tell: (unit, news) => tellDeletionScheduled(service, unit, news),
  });
}

export function cancelDeletion(
  service: Arthemiz,
  { tenantId, cancelledBy }: { tenantId: string; cancelledBy: string },
): Promise<LifecycleOutcome> {
  return changeLifecycle(service, {
    tenantId,
    decide: cancelled,
    tell: (unit, news) => tellDeletionCancelled(service, unit, { tenantId: news.tenantId, cancelledBy }),
  });
}
