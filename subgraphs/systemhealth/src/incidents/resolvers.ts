// Incidents as the schema shows them.
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import type { Resolvers } from '../schema.generated.ts';
import { acknowledgeIncident } from './acknowledge-incident.ts';
import { assignIncidentRole } from './assign-incident-role.ts';
import { changeIncident } from './change-incident.ts';
import type { IncidentEntryRow } from './entry-model.ts';
import { incidentChanged } from './incident-changed.ts';
import { openIncident } from './open-incident.ts';
import { postIncidentUpdate } from './post-incident-update.ts';
import { postmortemOf } from './postmortem.ts';
import { durationsOf } from './rules.ts';

const mostInPostmortem = 1_000;
const person = (id: string | null | undefined) => (id ? { id } : null);

export const incidentResolvers: Resolvers = {
  Query: {
    incidents: (_, { isOpen, serviceId, ...page }, { models }) =>
      findPage(models.Incident, {
        page: parsePage(page),
        sort: { field: 'detectedAt', direction: 'descending' },
        filter: {
          ...(isOpen === true && { resolvedAt: null }),
          ...(isOpen === false && { resolvedAt: { $ne: null } }),
          ...(serviceId && { serviceIds: serviceId }),
        },
      }),
    incident: (_, { id }, { loaders }) => loaders.incident.load(id),
    async incidentPostmortem(_, { id }, { models, loaders }) {
      const incident = await loaders.incident.load(id);
      if (incident === null) return null;
      const entries = await models.IncidentEntry.find({ incidentId: incident._id })
        .sort({ sequence: 1 })
        .limit(mostInPostmortem)
        .lean<IncidentEntryRow[]>();
      const services = await loadAll(incident.serviceIds, loaders.service);
      const serviceNames = new Map(services.map(({ _id, name }) => [_id, name]));
      return postmortemOf({ incident, entries, serviceNames });
    },
  },
  Mutation: {
    ...{ openIncident, postIncidentUpdate, changeIncident, assignIncidentRole, acknowledgeIncident },
  },
  Subscription: { incidentChanged },
  Incident: {
    id: ({ _id }) => _id,
    openedBy: ({ openedBy }) => person(openedBy),
    acknowledgedBy: ({ acknowledgedBy }) => person(acknowledgedBy),
    durations: (incident) => durationsOf(incident),
    services: ({ serviceIds }, _, { loaders }) => loadAll(serviceIds, loaders.service),
    alerts: ({ alertIds }, _, { loaders }) => loadAll(alertIds, loaders.alert),
    timeline: ({ _id }, page, { models }) =>
      findPage(models.IncidentEntry, {
        page: parsePage(page),
        sort: { field: 'sequence', direction: 'descending' },
        filter: { incidentId: _id },
      }),
  },
  IncidentRoleHolder: { person: ({ personId }) => ({ id: personId }) },
  IncidentActionItem: { owner: ({ ownerId }) => person(ownerId) },
  IncidentEntry: {
    actor: ({ actorId }) => person(actorId),
    person: ({ personId }) => person(personId),
    alert: ({ alertId }, _, { loaders }) => (alertId ? loaders.alert.load(alertId) : null),
  },
};

/** Those that are still there, in their order. */
async function loadAll<T>(
  ids: readonly string[],
  loader: { load(id: string): Promise<T | null> },
): Promise<T[]> {
  const found = await Promise.all(ids.map((id) => loader.load(id)));
  return found.filter((each): each is Awaited<T> & T => each !== null);
}
