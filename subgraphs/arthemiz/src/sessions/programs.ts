// What people call the programs that they signed in to.
import { acrossTenants } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { firstPartyClients } from '../oidc/clients.ts';
import { isRegisteredClientId } from '../registered-clients/reading.ts';

/** Names of the platform's own programs, and of those that a tenant registered; one that is gone goes by its id. */
export async function programNames(
  { config, models }: Pick<Arthemiz, 'config' | 'models'>,
  clientIds: readonly string[],
): Promise<string[]> {
  const known = new Map(
    firstPartyClients(config).map(({ client_id, client_name }) => [client_id, client_name]),
  );
  const registered = clientIds.filter(isRegisteredClientId);
  if (registered.length > 0) {
    const rows = await acrossTenants('people see what they let in, in whichever tenant', () =>
      models.RegisteredClient.find({ _id: { $in: registered } }, { name: 1 }).lean(),
    );
    for (const { _id, name } of rows) known.set(_id, name);
  }
  return clientIds.map((id) => known.get(id) ?? id);
}
