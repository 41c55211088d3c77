// Facts about registered clients that others hear of; never a secret.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { RegisteredClientRow } from './model.ts';

interface About {
  client: Pick<RegisteredClientRow, '_id' | 'name' | 'redirectUris'>;
  /** A person, a service client or an API key; null for the client itself. */
  changedBy: string | null;
}

type ClientEvent =
  | 'arthemiz.registered-client.created.v1'
  | 'arthemiz.registered-client.updated.v1'
  | 'arthemiz.registered-client.deleted.v1';

export function tellRegisteredClient(
  { emit }: UnitOfWork,
  type: ClientEvent,
  { client: { _id: clientId, name, redirectUris }, changedBy }: About,
): Promise<void> {
  return emit(type, { subject: clientId, data: { clientId, name, redirectUris, changedBy } });
}
