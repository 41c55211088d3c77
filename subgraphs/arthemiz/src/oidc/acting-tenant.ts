import type { Arthemiz } from '../context.ts';
import { actingOf } from '../sessions/acting.ts';

/** The tenant that a grant's tokens speak for; null when the grant is gone. */
export async function actingTenant(service: Arthemiz, grantId: string): Promise<string | null> {
  return (await actingOf(service, grantId))?.tenantId ?? null;
}
