import { incidentNotFound, invalidInput, serviceNotFound } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { incidentChange } from './input.ts';
import type { IncidentRow } from './model.ts';
import { writeIncident } from './writing.ts';

const named = {
  title: 'title',
  severity: 'severity',
  serviceIds: 'services',
  impact: 'impact',
  startedAt: 'beginning',
  actionItems: 'action items',
} as const;

export const changeIncident: MutationResolvers['changeIncident'] = (
  _,
  { input },
  { models, service, viewer },
) => {
  const { id: _id, ...wanted } = input;
  const given = Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => value !== null || name === 'impact'),
  );
  const parsed = incidentChange.safeParse(given);
  if (!parsed.success) return { incident: null, errors: invalidInput(parsed.error) };
  const { serviceIds = [] } = parsed.data;
  return service.transaction(async (unit) => {
    const before = await models.Incident.findOne({ _id }).lean<IncidentRow>();
    if (before === null) return { incident: null, errors: [incidentNotFound] };
    const services = await models.Service.countDocuments({ _id: { $in: serviceIds } });
    if (services < serviceIds.length) return { incident: null, errors: [serviceNotFound] };
    const changed = Object.entries(parsed.data).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(before, name)),
    );
    if (changed.length === 0) return { incident: before, errors: [] };
    const names = changed.map(([name]) => (name in named ? named[name as keyof typeof named] : name)); // just looked up
    const incident = await writeIncident(service, unit, {
      ...{ incident: before, now: new Date(), change: Object.fromEntries(changed) },
      entries: [{ kind: 'CHANGED', actorId: viewer.subject, message: `Changed: ${names.join(', ')}.` }],
    });
    return { incident, errors: [] };
  });
};
