import { findPage, parsePage } from '@supergraph/chassis/pagination';
import type { Resolvers } from '../schema.generated.ts';

export const gapResolvers: Resolvers = {
  Query: {
    eventGaps: (_, page, { models }) =>
      findPage(models.EventGap, {
        page: parsePage(page),
        sort: { field: 'until', direction: 'descending' },
      }),
  },
};
