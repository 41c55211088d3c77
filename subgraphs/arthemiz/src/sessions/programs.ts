// What people call the programs that they signed in to.
import type { Arthemiz } from '../context.ts';
import { firstPartyClients } from '../oidc/clients.ts';
import { isRegisteredClientId } from '../registered-clients/reading.ts';
import { listInReach } from '../residency/searching.ts';

/** Names of the platform's own programs, and of those that a tenant registered; one that is gone goes by its id. */
export async function programNames(
  service: Pick<Arthemiz, 'config' | 'models' | 'regions' | 'connection' | 'logger'>,
  clientIds: readonly string[],
): Promise<string[]> {
  const known = new Map(
    firstPartyClients(service.config).map(({ client_id, client_name }) => [client_id, client_name]),
  );
  const registered = clientIds.filter(isRegisteredClientId);
  if (registered.length > 0) {
    const rows = await listInReach(service, {
      reason: 'people see what they let in, in whichever tenant',
      list: () => service.models.RegisteredClient.find({ _id: { $in: registered } }, { name: 1 }).lean(),
    });
    for (const { _id, name } of rows) known.set(_id, name);
  }
  return clientIds.map((id) => known.get(id) ?? id);
}
