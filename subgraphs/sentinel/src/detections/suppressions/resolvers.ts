import { personOf } from '../../responses/resolvers.ts';
import type { Resolvers } from '../../schema.generated.ts';
import { shownRuleById } from '../shown.ts';
import { createSuppression, deleteSuppression } from './changing.ts';
import type { SuppressedRow, SuppressionRow } from './model.ts';

const mostShown = 20;

export const suppressionResolvers: Resolvers = {
  Query: {
    suppressions: (_, __, { models }) => models.Suppression.find().sort({ _id: 1 }).lean<SuppressionRow[]>(),
  },
  Mutation: { createSuppression, deleteSuppression },
  Suppression: {
    id: (suppression) => suppression._id,
    rule: ({ ruleId }, _, { models }) => shownRuleById(models, ruleId),
    createdBy: ({ createdBy }) => personOf(createdBy),
    async suppressedEvents({ _id: suppressionId }, _, { models, loaders }) {
      const rows = await models.SuppressedEvent.find({ suppressionId })
        .sort({ occurredAt: -1 })
        .limit(mostShown)
        .lean<SuppressedRow[]>();
      const events = await Promise.all(rows.map((row) => loaders.securityEvent.load(row.securityEventId)));
      return events.filter((event) => event !== null);
    },
  },
};
