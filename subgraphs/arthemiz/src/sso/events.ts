// Facts about connections and about who came by them; never a secret.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { PersonRow } from '../people/model.ts';
import { maskEmail } from '../people/rules.ts';
import type { SsoConnectionRow } from './model.ts';

type ConnectionEvent =
  | 'arthemiz.connection.created.v1'
  | 'arthemiz.connection.updated.v1'
  | 'arthemiz.connection.deleted.v1';

export function tellConnection(
  { emit }: UnitOfWork,
  happened: ConnectionEvent,
  { connection, changedBy }: { connection: SsoConnectionRow; changedBy: string },
): Promise<void> {
  const { _id: connectionId, name, protocol, isEnabled, isRequired, provisionsPeople } = connection;
  return emit(happened, {
    subject: connectionId,
    data: { connectionId, name, protocol, isEnabled, isRequired, provisionsPeople, changedBy },
  });
}

export function tellIdentityUnlinked(
  { emit }: UnitOfWork,
  { person, connectionId, tenantId }: { person: PersonRow; connectionId: string; tenantId: string },
): Promise<void> {
  const { _id: personId, email } = person;
  return emit('arthemiz.identity.unlinked.v1', {
    subject: personId,
    tenantId,
    data: { personId, email: maskEmail(email), connectionId },
  });
}

export function tellIdentityLinked(
  { emit }: UnitOfWork,
  given: { person: PersonRow; connectionId: string; hasJoined: boolean },
): Promise<void> {
  const { person, connectionId, hasJoined } = given;
  const { _id: personId, email } = person;
  return emit('arthemiz.identity.linked.v1', {
    subject: personId,
    data: { personId, email: maskEmail(email), connectionId, hasJoined },
  });
}
