// Alerts as the schema shows them.
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import type { Resolvers } from '../schema.generated.ts';
import { acknowledgeAlert } from './acknowledge-alert.ts';
import { alertChanged } from './alert-changed.ts';

export const alertResolvers: Resolvers = {
  Query: {
    alerts: (_, { states, serviceId, ...page }, { models }) =>
      findPage(models.Alert, {
        page: parsePage(page),
        sort: { field: 'startedAt', direction: 'descending' },
        filter: { ...(states && { state: { $in: states } }), ...(serviceId && { serviceId }) },
      }),
    alert: (_, { id }, { loaders }) => loaders.alert.load(id),
  },
  Mutation: { acknowledgeAlert },
  Subscription: { alertChanged },
  Alert: {
    id: ({ _id }) => _id,
    rule: ({ ruleId }, _, { loaders }) => loaders.alertRule.load(ruleId),
    service: ({ serviceId }, _, { loaders }) => (serviceId ? loaders.service.load(serviceId) : null),
    check: ({ checkId }, _, { loaders }) => (checkId ? loaders.check.load(checkId) : null),
  },
  AlertChange: {
    alert: ({ alertId }, _, { loaders }) => loaders.alert.load(alertId),
  },
};
