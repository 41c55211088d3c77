import { incidentNotFound, invalidInput } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { roleAssignment } from './input.ts';
import type { IncidentRow } from './model.ts';
import { writeIncident } from './writing.ts';

export const assignIncidentRole: MutationResolvers['assignIncidentRole'] = (
  _,
  { input },
  { models, service, viewer },
) => {
  const { id: _id, ...wanted } = input;
  const parsed = roleAssignment.safeParse(wanted);
  if (!parsed.success) return { incident: null, errors: invalidInput(parsed.error) };
  const { role, personId = null } = parsed.data;
  return service.transaction(async (unit) => {
    const before = await models.Incident.findOne({ _id }).lean<IncidentRow>();
    if (before === null) return { incident: null, errors: [incidentNotFound] };
    const holder = before.roles.find((each) => each.role === role)?.personId ?? null;
    if (holder === personId) return { incident: before, errors: [] };
    const others = before.roles.filter((each) => each.role !== role);
    const incident = await writeIncident(service, unit, {
      ...{ incident: before, now: new Date() },
      change: { roles: personId === null ? others : [...others, { role, personId }] },
      entries: [{ kind: 'ROLE_ASSIGNED', actorId: viewer.subject, role, personId }],
    });
    return { incident, errors: [] };
  });
};
