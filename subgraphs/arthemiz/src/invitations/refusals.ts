// Expected reasons for which inviting is refused, as the schema's InvitationError types state them; GraphQL reads the
// type's name off the value.
import type { z } from 'zod';
import type { RoleRefusal } from '../roles/refusals.ts';
import { maximumOpen } from './rules.ts';

export type InvitationRefusal =
  | Extract<RoleRefusal, { __typename: 'RoleNotFound' | 'PermissionNotHeld' }>
  | { __typename: 'InvalidInvitationInput'; message: string; field: string }
  | { __typename: 'AlreadyMember'; message: string }
  | { __typename: 'TooManyInvitations'; message: string }
  | { __typename: 'MailNotConfigured'; message: string }
  | { __typename: 'InvitationNotFound'; message: string };

/** One refusal for each problem that the schema found. */
export function invalidInput({ issues }: z.ZodError): InvitationRefusal[] {
  return issues.map(({ path, message }) => {
    const field = path.join('.');
    return { __typename: 'InvalidInvitationInput', message: `The ${field} ${message}.`, field };
  });
}

export const alreadyMember = (): InvitationRefusal => ({
  __typename: 'AlreadyMember',
  message: 'This person is a member of the tenant already. Give them other roles with assignRoles.',
});

export const tooManyOpen = (): InvitationRefusal => ({
  __typename: 'TooManyInvitations',
  message: `The tenant has ${maximumOpen} open invitations. Revoke some, or wait until they are accepted or expire.`,
});

export const tooManyMails = (): InvitationRefusal => ({
  __typename: 'TooManyInvitations',
  message: 'This address was invited several times today. Wait until tomorrow.',
});

export const mailNotConfigured = (): InvitationRefusal => ({
  __typename: 'MailNotConfigured',
  message:
    'This installation sends no mails, so nobody can be invited. Its operators have to set SMTP_URL for arthemiz.',
});

export const invitationNotFound = (): InvitationRefusal => ({
  __typename: 'InvitationNotFound',
  message: 'The tenant has no open invitation of this id.',
});
