// Security events as the schema shows them.
import { parseInput } from '@supergraph/chassis/input';
import { type Connection, findPage, type PageArguments, parsePage } from '@supergraph/chassis/pagination';
import type { Context } from '../context.ts';
import type { Place } from '../geography/rules.ts';
import type { Resolvers, SecurityEventFilter } from '../schema.generated.ts';
import { filterInput, queryOf } from './filter.ts';
import { ingestAccessEvents } from './ingesting.ts';
import type { SecurityEventParent } from './model.ts';
import { saidOf } from './ocsf.ts';
import { securityEvent } from './security-event.ts';

/** A reference to a tenant; arthemiz knows the rest. */
export interface TenantParent {
  readonly id: string;
}

export type PlaceParent = Place;

export const securityEventResolvers: Resolvers = {
  Query: {
    securityEvents: (_, page, context) => listSecurityEvents(page, context),
    securityEvent: (_, { id }, { loaders }) => loaders.securityEvent.load(id),
  },
  Mutation: { ingestAccessEvents },
  Subscription: { securityEvent },
  SecurityEvent: {
    __resolveReference: ({ id }, { loaders }) => loaders.securityEvent.load(id),
    id: (event) => event._id,
    // arthemiz answers for the person, with null where nobody in the viewer's tenant has the id any more.
    actor: ({ actorId }) => (typeof actorId === 'string' ? { id: actorId } : null),
    target: ({ targetId }) => (targetId?.startsWith('per_') ? { id: targetId } : null),
    tenant: ({ tenantId }) => ({ id: tenantId }),
    // What was stored, or pushed by a copy, from before it was counted.
    count: ({ count }) => count ?? 1,
    product: (event) => saidOf(event).product,
    className: (event) => saidOf(event).className,
    activity: (event) => saidOf(event).activity,
    actorName: (event) => saidOf(event).actorName,
  },
  Place: {
    latitude: ({ point }) => point?.latitude ?? null,
    longitude: ({ point }) => point?.longitude ?? null,
    accuracyRadiusKm: ({ point }) => point?.radiusKm ?? null,
  },
  Tenant: {
    // A reference to another tenant is answered with nothing: models see the viewer's tenant only, and its
    // events must not appear under another's name.
    __resolveReference: ({ id }, { viewer }) => (id === viewer.tenantId ? { id } : null),
    securityEvents: (_, page, context) => listSecurityEvents(page, context),
    watchedSince: async ({ id }, _, { loaders }) => (await loaders.baseline.load(id))?.watchedSince ?? null,
  },
};

/** A page of the events of the tenant in scope, newest first. */
function listSecurityEvents(
  { filter, ...page }: PageArguments & { filter?: SecurityEventFilter | null },
  { models }: Context,
): Promise<Connection<SecurityEventParent>> {
  return findPage(models.SecurityEvent, {
    page: parsePage(page),
    sort: { field: 'occurredAt', direction: 'descending' },
    filter: queryOf(parseInput(filterInput, filter)),
  });
}
