// Who belongs to a tenant, as the schema lets people decide it.
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import type { Context } from '../context.ts';
import { invalidInput } from '../roles/refusals.ts';
import { changeBy } from '../roles/resolvers.ts';
import type { Resolvers } from '../schema.generated.ts';
import { leaveTenant, type MemberOutcome, removePerson, resumePerson, suspendPerson } from './deciding.ts';
import { leavingInput, memberInput, notAPerson, notRemoved } from './refusals.ts';
import { readmitPerson } from './removals.ts';

export const membershipResolvers: Resolvers = {
  Query: {
    removedPeople: (_, page, { models }) =>
      findPage(models.RemovedMember, {
        page: parsePage(page),
        sort: { field: 'removedAt', direction: 'descending' },
      }),
  },
  Mutation: {
    async removePerson(_, { input }, context) {
      const parsed = memberInput.safeParse(input);
      if (!parsed.success) return { removedPersonId: null, errors: invalidInput(parsed.error) };
      const outcome = await removePerson(context.service, await changeBy(context, parsed.data));
      return 'refusal' in outcome
        ? { removedPersonId: null, errors: [outcome.refusal] }
        : { removedPersonId: outcome.member.personId, errors: [] };
    },
    async readmitPerson(_, { input }, { service }) {
      const parsed = memberInput.safeParse(input);
      if (!parsed.success) return { readmittedPersonId: null, errors: invalidInput(parsed.error) };
      const { personId } = parsed.data;
      return (await readmitPerson(service, personId))
        ? { readmittedPersonId: personId, errors: [] }
        : { readmittedPersonId: null, errors: [notRemoved()] };
    },
    async leaveTenant(_, { input }, { service, viewer: { subject, tenantId } }) {
      const parsed = leavingInput.safeParse(input);
      if (!parsed.success) return { leftTenantId: null, errors: invalidInput(parsed.error) };
      if (tenantId === null) return { leftTenantId: null, errors: [notAPerson()] };
      const outcome = await leaveTenant(service, { ...parsed.data, personId: subject });
      return 'refusal' in outcome
        ? { leftTenantId: null, errors: [outcome.refusal] }
        : { leftTenantId: tenantId, errors: [] };
    },
    async suspendPerson(_, { input }, context) {
      const parsed = memberInput.safeParse(input);
      if (!parsed.success) return { person: null, errors: invalidInput(parsed.error) };
      return answer(context, await suspendPerson(context.service, await changeBy(context, parsed.data)));
    },
    async resumePerson(_, { input }, context) {
      const parsed = memberInput.safeParse(input);
      if (!parsed.success) return { person: null, errors: invalidInput(parsed.error) };
      return answer(context, await resumePerson(context.service, await changeBy(context, parsed.data)));
    },
  },
  RemovedPerson: {
    email: ({ email }) => email ?? null,
    displayName: ({ displayName }) => displayName ?? null,
  },
  Person: {
    suspendedAt: async ({ _id }, _, { loaders }) => (await loaders.membership.load(_id))?.suspendedAt ?? null,
  },
};

/** What an operation read before its change must not be shown after it. */
async function answer({ loaders }: Context, outcome: MemberOutcome) {
  loaders.forgetRoles();
  return 'refusal' in outcome
    ? { person: null, errors: [outcome.refusal] }
    : { person: await loaders.member.load(outcome.member.personId), errors: [] };
}
