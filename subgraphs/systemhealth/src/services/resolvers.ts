// Services as the schema shows them.
import { findPage, type PageArguments, parsePage } from '@supergraph/chassis/pagination';
import { resourcesSeen } from '@supergraph/chassis/scoped-permissions';
import { standingAt } from '../checks/model.ts';
import type { Context } from '../context.ts';
import type { Resolvers } from '../schema.generated.ts';
import { createService } from './create-service.ts';
import type { ServiceRow } from './model.ts';
import { combine, type Standing, worstStatus } from './rules.ts';
import { serviceStatus } from './service-status.ts';

/** A reference to a tenant; arthemiz knows the rest. */
export interface TenantParent {
  readonly id: string;
}

const oldestFirst = { field: '_id', direction: 'ascending' } as const;
const newestFirst = { field: 'occurredAt', direction: 'descending' } as const;

export const serviceResolvers: Resolvers = {
  Query: {
    services: (_, page, context) => listServices(page, context),
    service: (_, { id }, { loaders }) => loaders.service.load(id),
  },
  Mutation: {
    createService,
  },
  Subscription: { serviceStatus },
  Service: {
    __resolveReference: ({ id }, { loaders }) => loaders.service.load(id),
    id: (service) => service._id,
    status: async (service, _, context) => (await standingOf(service, context)).status,
    statusSince: async (service, _, context) => new Date((await standingOf(service, context)).statusSince),
    tenant: ({ tenantId }) => ({ id: tenantId }),
    checks: (service, _, { loaders }) => loaders.checksOfService.load(service._id),
    events: (service, page, { models }) =>
      findPage(models.HealthEvent, {
        page: parsePage(page),
        sort: newestFirst,
        filter: { serviceId: service._id },
      }),
  },
  Tenant: {
    // A reference to another tenant is answered with nothing: models see the viewer's tenant only, and its
    // services must not appear under another's name.
    __resolveReference: ({ id }, { viewer }) => (id === viewer.tenantId ? { id } : null),
    services: (_, page, context) => listServices(page, context),
    async health(_, __, { models }) {
      const now = Date.now();
      const running = await models.Check.find(
        { isPaused: false },
        { status: 1, statusSince: 1, missingAt: 1 },
      ).lean();
      return worstStatus(running.map((check) => standingAt({ ...check, isPaused: false }, now).status));
    },
  },
};

function listServices(page: PageArguments, { models, viewer }: Context) {
  const seen = resourcesSeen(viewer, 'service:read');
  const filter = seen === 'all' ? {} : { _id: { $in: seen } };
  return findPage(models.Service, { page: parsePage(page), sort: oldestFirst, filter });
}

async function standingOf(service: ServiceRow, { loaders }: Context): Promise<Standing> {
  const now = Date.now();
  const checks = await loaders.checksOfService.load(service._id);
  const standings = checks.filter((check) => !check.isPaused).map((check) => standingAt(check, now));
  return combine(standings, service.createdAt.getTime());
}
