import { invalidInput, serviceNotFound } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { newIncident } from './input.ts';
import { openIncident as open } from './writing.ts';

export const openIncident: MutationResolvers['openIncident'] = (
  _,
  { input },
  { models, service, viewer },
) => {
  const parsed = newIncident.safeParse(input);
  if (!parsed.success) return { incident: null, errors: invalidInput(parsed.error) };
  const { title, severity, serviceIds, message, isPublic, startedAt } = parsed.data;
  return service.transaction(async (unit) => {
    const services = await models.Service.countDocuments({ _id: { $in: serviceIds } });
    if (services < serviceIds.length) return { incident: null, errors: [serviceNotFound] };
    const now = new Date();
    const actorId = viewer.subject;
    const incident = await open(service, unit, {
      incident: {
        ...{ title, severity, serviceIds, openedBy: actorId, roles: [], actionItems: [], alertIds: [] },
        startedAt: startedAt && startedAt < now ? startedAt : now,
      },
      entries: [{ kind: 'OPENED', actorId, message: message ?? null, isPublic: isPublic && message != null }],
      now,
    });
    return { incident, errors: [] };
  });
};
