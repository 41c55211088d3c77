import { incidentNotFound, invalidInput } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { incidentUpdate } from './input.ts';
import type { IncidentRow } from './model.ts';
import { kindOfUpdate } from './rules.ts';
import { writeIncident } from './writing.ts';

export const postIncidentUpdate: MutationResolvers['postIncidentUpdate'] = (
  _,
  { input },
  { models, service, viewer },
) => {
  const { id: _id, ...wanted } = input;
  const parsed = incidentUpdate.safeParse(wanted);
  if (!parsed.success) return { incident: null, errors: invalidInput(parsed.error) };
  const { message = null, status = null, isPublic } = parsed.data;
  return service.transaction(async (unit) => {
    const before = await models.Incident.findOne({ _id }).lean<IncidentRow>();
    if (before === null) return { incident: null, errors: [incidentNotFound] };
    const kind = kindOfUpdate(before.status, status);
    if (kind === 'UPDATE' && message === null) return { incident: before, errors: [] };
    const now = new Date();
    const incident = await writeIncident(service, unit, {
      ...{ incident: before, now },
      change: {
        ...(status !== null && { status }),
        ...(kind === 'RESOLVED' && { resolvedAt: now }),
        ...(kind === 'REOPENED' && { resolvedAt: null }),
      },
      entries: [{ kind, actorId: viewer.subject, message, isPublic }],
    });
    return { incident, errors: [] };
  });
};
