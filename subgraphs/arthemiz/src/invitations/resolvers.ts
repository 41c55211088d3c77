import { findPage, parsePage } from '@supergraph/chassis/pagination';
import { changeBy } from '../roles/resolvers.ts';
import type { Resolvers } from '../schema.generated.ts';
import { invitePerson, revokeInvitation } from './inviting.ts';
import { invalidInput } from './refusals.ts';
import { newInvitationInput, revokedInvitationInput, stateOf } from './rules.ts';

export const invitationResolvers: Resolvers = {
  Query: {
    invitations: (_, page, { models }) =>
      findPage(models.Invitation, {
        page: parsePage(page),
        sort: { field: 'createdAt', direction: 'descending' },
      }),
  },
  Mutation: {
    async invitePerson(_, { input }, context) {
      const parsed = newInvitationInput.safeParse(input);
      if (!parsed.success) return { invitation: null, errors: invalidInput(parsed.error) };
      const { changer: inviter, ...wanted } = await changeBy(context, parsed.data);
      const outcome = await invitePerson(context.service, { ...wanted, inviter });
      return 'invitation' in outcome
        ? { invitation: outcome.invitation, errors: [] }
        : { invitation: null, errors: [outcome.refusal] };
    },
    async revokeInvitation(_, { input }, { service }) {
      const parsed = revokedInvitationInput.safeParse(input);
      if (!parsed.success) return { invitation: null, errors: invalidInput(parsed.error) };
      const outcome = await revokeInvitation(service, parsed.data.id);
      return 'invitation' in outcome
        ? { invitation: outcome.invitation, errors: [] }
        : { invitation: null, errors: [outcome.refusal] };
    },
  },
  Invitation: {
    id: ({ _id }) => _id,
    state: (invitation) => stateOf(invitation, new Date()),
    async roles({ roleIds }, _, { loaders }) {
      const roles = await Promise.all(roleIds.map((id) => loaders.role.load(id)));
      return roles.filter((role) => role !== null).sort((a, b) => a.name.localeCompare(b.name));
    },
    invitedBy: ({ invitedBy }, _, { loaders }) => loaders.member.load(invitedBy),
    acceptedBy: ({ acceptedBy }, _, { loaders }) => (acceptedBy ? loaders.member.load(acceptedBy) : null),
  },
};
