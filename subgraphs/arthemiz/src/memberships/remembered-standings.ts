// Standings that this process has read, each under the number of its tenant's changes of grants. That number is read for each
// answer, so that none is from before a change that had been acknowledged when it was asked for.
import { LRUCache } from 'lru-cache';
import type { ReadById } from '../batches.ts';
import { lifecycleOf } from '../lifecycle/openness.ts';
import { isOpen } from '../lifecycle/rules.ts';
import type { TenantRow } from '../tenants/model.ts';
import type { Standing } from './standing.ts';

/** What somebody holds for a while ends by the clock, which counts no change. */
export interface ReadStanding extends Standing {
  isLasting: boolean;
}

export interface RememberedStandings {
  /** Null also where nobody may act in the tenant. @param who.read reads it from the database; null for whoever does not belong to the tenant */
  of(who: {
    tenantId: string;
    subject: string;
    read(): Promise<ReadStanding | null>;
  }): Promise<Standing | null>;
}

const mostRemembered = 10_000;

export function createRememberedStandings(tenants: ReadById<TenantRow>): RememberedStandings {
  const remembered = new LRUCache<string, { version: number; standing: Standing | null }>({
    max: mostRemembered,
  });
  return {
    async of({ tenantId, subject, read }) {
      const tenant = await tenants(tenantId);
      if (tenant === null || !isOpen(lifecycleOf(tenant))) return null;
      const version = tenant.grantChanges ?? 0;
      const name = `${tenantId} ${subject}`;
      const known = remembered.get(name);
      if (known?.version === version) return known.standing;
      // Read after its number, so that what is kept under it is never older.
      const standing = await read();
      if (standing?.isLasting !== false) remembered.set(name, { version, standing });
      return standing;
    },
  };
}
