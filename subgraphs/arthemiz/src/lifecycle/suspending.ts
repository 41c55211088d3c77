// Closing a tenant to everybody of it, and opening it again. Nothing of it is lost meanwhile.
import type { Arthemiz } from '../context.ts';
import { changeLifecycle, type LifecycleOutcome } from './changing.ts';
import { tellResumed, tellSuspended } from './events.ts';
import { resumed, type Suspension, suspended } from './rules.ts';

export function suspendTenant(
  service: Arthemiz,
  { tenantId, suspension }: { tenantId: string; suspension: Suspension },
): Promise<LifecycleOutcome> {
  return changeLifecycle(service, {
    tenantId,
    decide: (lifecycle) => suspended(lifecycle, { tenantId, suspension }),
    tell: (unit, news) => tellSuspended(service, unit, news),
  });
}

export function resumeTenant(
  service: Arthemiz,
  { tenantId, resumedBy }: { tenantId: string; resumedBy: string },
): Promise<LifecycleOutcome> {
  return changeLifecycle(service, {
    tenantId,
    decide: resumed,
    tell: (unit, news) => tellResumed(service, unit, { tenantId: news.tenantId, resumedBy }),
  });
}
