import type { Resolvers } from '../schema.generated.ts';
import { addDomain, approveDomain, type DomainOutcome, removeDomain, verifyDomain } from './changing.ts';
import { invalidInput } from './refusals.ts';
import {
  approvedDomainInput,
  maximumDomains,
  namedDomainInput,
  newDomainInput,
  recordName,
  recordValue,
} from './rules.ts';

export const domainResolvers: Resolvers = {
  Query: {
    domains: (_, __, { models }) => models.Domain.find().sort({ name: 1 }).limit(maximumDomains).lean(),
  },
  Mutation: {
    async addDomain(_, { input }, { service }) {
      const parsed = newDomainInput.safeParse(input);
      if (!parsed.success) return { domain: null, errors: invalidInput(parsed.error) };
      return answer(await addDomain(service, parsed.data.name));
    },
    async verifyDomain(_, { input }, { service, viewer }) {
      const parsed = namedDomainInput.safeParse(input);
      if (!parsed.success) return { domain: null, errors: invalidInput(parsed.error) };
      return answer(await verifyDomain(service, { ...parsed.data, verifiedBy: viewer.subject }));
    },
    async approveDomain(_, { input }, { service, viewer }) {
      const parsed = approvedDomainInput.safeParse(input);
      if (!parsed.success) return { domain: null, errors: invalidInput(parsed.error) };
      return answer(await approveDomain(service, { ...parsed.data, verifiedBy: viewer.subject }));
    },
    async removeDomain(_, { input }, { service, viewer }) {
      const parsed = namedDomainInput.safeParse(input);
      if (!parsed.success) return { removedDomainId: null, errors: invalidInput(parsed.error) };
      const outcome = await removeDomain(service, { ...parsed.data, removedBy: viewer.subject });
      return 'refusal' in outcome
        ? { removedDomainId: null, errors: [outcome.refusal] }
        : { ...outcome, errors: [] };
    },
  },
  Domain: {
    id: ({ _id }) => _id,
    verifiedAt: ({ verifiedAt }) => verifiedAt ?? null,
    recordName: ({ name }) => recordName(name),
    recordValue: ({ challenge }) => recordValue(challenge),
  },
};

function answer(outcome: DomainOutcome) {
  return 'refusal' in outcome
    ? { domain: null, errors: [outcome.refusal] }
    : { domain: outcome.domain, errors: [] };
}
