// Facts about who was asked to join a tenant, and who did.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { PersonRow } from '../people/model.ts';
import { maskEmail } from '../people/rules.ts';
import type { InvitationRow } from './model.ts';

export function tellPersonInvited(
  { emit }: UnitOfWork,
  { invitation, roleNames }: { invitation: InvitationRow; roleNames: string[] },
): Promise<void> {
  const { _id, email, invitedBy, expiresAt } = invitation;
  return emit('arthemiz.person.invited.v1', {
    subject: _id,
    data: {
      invitationId: _id,
      email: maskEmail(email),
      roles: roleNames,
      invitedBy,
      expiresAt: expiresAt.toISOString(),
    },
  });
}

export function tellPersonJoined(
  { emit }: UnitOfWork,
  { invitation, person, roleNames }: { invitation: InvitationRow; person: PersonRow; roleNames: string[] },
): Promise<void> {
  const { _id: personId, email } = person;
  const { _id: invitationId, invitedBy } = invitation;
  return emit('arthemiz.person.joined.v1', {
    subject: personId,
    data: { personId, email: maskEmail(email), roles: roleNames, invitationId, invitedBy },
  });
}
