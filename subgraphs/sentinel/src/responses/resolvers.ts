// Responses, policies and the allow-list as the schema shows them.
import { parseInput } from '@supergraph/chassis/input';
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import { z } from 'zod';
import type { Resolvers } from '../schema.generated.ts';
import type { AccessRuleRow } from './access-rule-model.ts';
import { holds } from './access-rules.ts';
import { addToAllowList, removeFromAllowList } from './allow-list.ts';
import { approveResponse, proposeResponse, rejectResponse, undoResponse } from './by-hand.ts';
import { createResponsePolicy, deleteResponsePolicy, updateResponsePolicy } from './policies.ts';
import type { ResponsePolicyRow } from './policy-model.ts';
import { responseChanged } from './response-changed.ts';
import type { ResponseRow } from './response-model.ts';
import { responseKinds, responseStatuses } from './rules.ts';

const filterInput = z
  .object({
    statuses: z.array(z.enum(responseStatuses)).min(1).nullish(),
    kinds: z.array(z.enum(responseKinds)).min(1).nullish(),
    target: z.string().nullish(),
  })
  .nullish();

/** Only people are shown; programs are in the audit trail. */
export function personOf(id: string | null | undefined) {
  return id?.startsWith('per_') ? { id } : null;
}

export const responseResolvers: Resolvers = {
  Query: {
    responses(_, { filter, ...page }, { models }) {
      const { statuses, kinds, target } = parseInput(filterInput, filter) ?? {};
      return findPage(models.Response, {
        page: parsePage(page),
        sort: { field: 'changedAt', direction: 'descending' },
        filter: {
          ...(statuses ? { status: { $in: statuses } } : {}),
          ...(kinds ? { kind: { $in: kinds } } : {}),
          ...(typeof target === 'string' ? { target } : {}),
        },
      });
    },
    response: (_, { id }, { loaders }) => loaders.response.load(id),
    responsePolicies: (_, __, { models }) =>
      models.ResponsePolicy.find().sort({ _id: 1 }).lean<ResponsePolicyRow[]>(),
    async allowList(_, __, { models }) {
      const entries = await models.AccessRule.find({ effect: 'ALLOW' })
        .sort({ _id: 1 })
        .lean<AccessRuleRow[]>();
      return entries.filter((entry) => holds(entry, new Date()));
    },
  },
  Mutation: {
    ...{ proposeResponse, approveResponse, rejectResponse, undoResponse },
    ...{ createResponsePolicy, updateResponsePolicy, deleteResponsePolicy },
    ...{ addToAllowList, removeFromAllowList },
  },
  Subscription: { responseChanged },
  Response: {
    __resolveReference: ({ id }, { loaders }) => loaders.response.load(id),
    id: (response) => response._id,
    finding: ({ findingId }, _, { loaders }) =>
      typeof findingId === 'string' ? loaders.finding.load(findingId) : null,
    proposedBy: ({ proposedBy }) => personOf(proposedBy),
    endsAt: ({ status, endsAt }) => (status === 'APPLIED' ? (endsAt ?? null) : null),
  },
  ResponseLogEntry: { by: ({ by }) => personOf(by) },
  ResponsePolicy: { id: (policy) => policy._id },
  AllowListEntry: {
    id: (entry) => entry._id,
    reason: ({ reason }) => reason ?? '',
    createdBy: ({ createdBy }) => personOf(createdBy),
  },
  Finding: {
    responses: ({ _id: findingId }, _, { models }) =>
      models.Response.find({ findingId }).sort({ createdAt: -1, _id: -1 }).limit(50).lean<ResponseRow[]>(),
  },
};
