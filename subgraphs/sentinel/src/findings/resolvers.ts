// Findings as the schema shows them.
import { parseInput } from '@supergraph/chassis/input';
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import { z } from 'zod';
import { shownRuleById } from '../detections/shown.ts';
import type { Resolvers } from '../schema.generated.ts';
import { findingChanged } from './finding-changed.ts';
import { replayFinding } from './replaying.ts';
import { findingStatuses, severities } from './rules.ts';
import { assignFinding, changeFindingStatus } from './triage.ts';

const filterInput = z
  .object({
    statuses: z.array(z.enum(findingStatuses)).min(1).nullish(),
    severities: z.array(z.enum(severities)).min(1).nullish(),
    ruleId: z.string().nullish(),
    assigneeId: z.string().nullish(),
  })
  .nullish();

export const findingResolvers: Resolvers = {
  Query: {
    findings(_, { filter, ...page }, { models }) {
      const { statuses, severities: levels, ruleId, assigneeId } = parseInput(filterInput, filter) ?? {};
      return findPage(models.Finding, {
        page: parsePage(page),
        sort: { field: 'changedAt', direction: 'descending' },
        filter: {
          mergedIntoId: null,
          ...(statuses ? { status: { $in: statuses } } : {}),
          ...(levels ? { severity: { $in: levels } } : {}),
          ...(typeof ruleId === 'string' ? { ruleId } : {}),
          ...(typeof assigneeId === 'string' ? { assigneeId } : {}),
        },
      });
    },
    finding: (_, { id }, { loaders }) => loaders.finding.load(id),
  },
  Mutation: { changeFindingStatus, assignFinding, replayFinding },
  Subscription: { findingChanged },
  Finding: {
    __resolveReference: ({ id }, { loaders }) => loaders.finding.load(id),
    id: (finding) => finding._id,
    rule: ({ ruleId }, _, { models }) => shownRuleById(models, ruleId),
    assignee: ({ assigneeId }) => (typeof assigneeId === 'string' ? { id: assigneeId } : null),
    evidence: ({ _id: findingId }, page, { models }) =>
      findPage(models.FindingEvidence, {
        page: parsePage(page),
        sort: { field: 'occurredAt', direction: 'ascending' },
        filter: { findingId },
      }),
  },
  FindingEvidence: {
    securityEvent: ({ securityEventId }, _, { loaders }) => loaders.securityEvent.load(securityEventId),
  },
};
