import { acknowledgeFiring } from '../alerts/acknowledge-alert.ts';
import type { AlertRow } from '../alerts/model.ts';
import { incidentNotFound, incidentResolved } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import type { IncidentRow } from './model.ts';
import { writeIncident } from './writing.ts';

/** Takes care of its alerts, too, so that nobody else is told of them in turn. */
export const acknowledgeIncident: MutationResolvers['acknowledgeIncident'] = (
  _,
  { input },
  { models, service, viewer },
) =>
  service.transaction(async (unit) => {
    const before = await models.Incident.findOne({ _id: input.id }).lean<IncidentRow>();
    if (before === null) return { incident: null, errors: [incidentNotFound] };
    if (before.status === 'RESOLVED') return { incident: null, errors: [incidentResolved] };
    const alerts = await models.Alert.find({
      _id: { $in: before.alertIds },
      state: 'FIRING',
    }).lean<AlertRow[]>();
    for (const alert of alerts.filter(({ acknowledgement }) => !acknowledgement))
      await acknowledgeFiring(service, unit, { alert, by: viewer.subject, note: null });
    if (before.acknowledgedAt) return { incident: before, errors: [] };
    const now = new Date();
    const incident = await writeIncident(service, unit, {
      ...{ incident: before, now, change: { acknowledgedAt: now, acknowledgedBy: viewer.subject } },
      entries: [{ kind: 'ACKNOWLEDGED', actorId: viewer.subject }],
    });
    return { incident, errors: [] };
  });
