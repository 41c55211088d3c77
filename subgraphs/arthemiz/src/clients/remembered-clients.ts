// Service clients that this process has read, each under the number of its tenant's changes of grants: every write to a
// client counts one (model.ts), and the number is read each time.
import { LRUCache } from 'lru-cache';
import type { ReadById } from '../batches.ts';
import type { Arthemiz } from '../context.ts';
import { findInRegions } from '../residency/searching.ts';
import type { TenantRow } from '../tenants/model.ts';
import type { ServiceClientRow } from './model.ts';

export interface RememberedClients {
  /** The client as it is now; null for one that nobody knows. */
  find(id: string): Promise<ServiceClientRow | null>;
  /** The tenant that a client belongs to, which never changes; null for a client that nobody knows. */
  tenantOf(id: string): Promise<string | null>;
}

const mostRemembered = 10_000;

export function createRememberedClients(
  service: Pick<Arthemiz, 'models' | 'regions' | 'connection'>,
  tenants: ReadById<TenantRow>,
): RememberedClients {
  const remembered = new LRUCache<string, { version: number; client: ServiceClientRow }>({
    max: mostRemembered,
  });
  const read = (id: string): Promise<ServiceClientRow | null> =>
    findInRegions(service, {
      reason: 'a client authenticates before its tenant is known',
      find: () => service.models.ServiceClient.findOne({ _id: id }).lean<ServiceClientRow>(),
    });
  const versionOf = async (tenantId: string) => (await tenants(tenantId))?.grantChanges ?? 0;

  async function find(id: string): Promise<ServiceClientRow | null> {
    const known = remembered.get(id);
    if (known !== undefined && known.version === (await versionOf(known.client.tenantId)))
      return known.client;
    const found = known?.client ?? (await read(id));
    if (found === null) return null;
    const version = await versionOf(found.tenantId);
    // Read after its number, so that what is kept under it is never older.
    const client = await read(id);
    if (client === null) remembered.delete(id);
    else remembered.set(id, { version, client });
    return client;
  }

  return {
    find,
    async tenantOf(id) {
      const client = remembered.get(id)?.client ?? (await find(id));
      return client?.tenantId ?? null;
    },
  };
}
