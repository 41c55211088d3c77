// Checks and the changes of their status as the schema shows them.
import { notFound } from '@supergraph/chassis/errors';
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import { renewHeartbeatUrl } from '../heartbeats/renew-heartbeat-url.ts';
import { checkResults } from '../results/check-results.ts';
import type { Resolvers } from '../schema.generated.ts';
import { createCheck } from './create-check.ts';
import { deleteCheck } from './delete-check.ts';
import { healthChanged } from './health-changed.ts';
import { standingAt } from './model.ts';
import { pauseCheck, resumeCheck } from './pausing.ts';
import { settingsResolvers, shownSettings } from './shown-settings.ts';
import { updateCheck } from './update-check.ts';

export const checkResolvers: Resolvers = {
  Query: {
    check: (_, { id }, { loaders }) => loaders.check.load(id),
  },
  Mutation: { createCheck, updateCheck, renewHeartbeatUrl, pauseCheck, resumeCheck, deleteCheck },
  Subscription: { healthChanged, checkResults },
  Check: {
    __resolveReference: ({ id }, { loaders }) => loaders.check.load(id),
    id: (check) => check._id,
    status: (check) => standingAt(check, Date.now()).status,
    statusSince: (check) => new Date(standingAt(check, Date.now()).statusSince),
    latestResult: (check) => check.latestResult ?? null,
    settings: shownSettings,
    hasSecrets: ({ sealed }) => Boolean(sealed),
    async service(check, _, { loaders }) {
      const service = await loaders.service.load(check.serviceId);
      if (service === null) throw notFound(`Check ${check._id} has no service.`);
      return service;
    },
    results: (check, page, { models }) =>
      findPage(models.Result, {
        page: parsePage(page),
        sort: { field: 'at', direction: 'descending' },
        filter: { 'meta.checkId': check._id },
      }),
  },
  ...settingsResolvers,
  CheckResult: {
    observedAt: ({ at }) => at,
    isDegraded: ({ isDegraded }) => isDegraded ?? false,
  },
  HealthEvent: {
    id: (event) => event._id,
    service: (event, _, { loaders }) => loaders.service.load(event.serviceId),
    check: (event, _, { loaders }) => loaders.check.load(event.checkId),
    tenant: ({ tenantId }) => ({ id: tenantId }),
  },
};
