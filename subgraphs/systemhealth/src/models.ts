// All models of this subgraph and whose data they hold.
import { tenantOwned } from '@supergraph/chassis/models';
import { alertRuleSchema } from './alert-rules/model.ts';
import { alertSchema } from './alerts/model.ts';
import { healthEventSchema } from './checks/event-model.ts';
import { checkSchema } from './checks/model.ts';
import { incidentEntrySchema } from './incidents/entry-model.ts';
import { incidentSchema } from './incidents/model.ts';
import { metricHourSchema, metricMinuteSchema } from './metrics/rollup-model.ts';
import { metricSampleSchema } from './metrics/sample-model.ts';
import { metricSeriesSchema } from './metrics/series-model.ts';
import { metricUsageSchema } from './metrics/usage-model.ts';
import { notificationChannelSchema } from './notifications/channel-model.ts';
import { notificationSchema } from './notifications/model.ts';
import { notificationPolicySchema } from './notifications/policy-model.ts';
import { knownTenantSchema } from './platform/model.ts';
import { resultSchema } from './results/model.ts';
import { serviceSchema } from './services/model.ts';
import { inhibitionSchema } from './silences/inhibition-model.ts';
import { maintenanceWindowSchema } from './silences/maintenance-model.ts';
import { silenceSchema } from './silences/model.ts';
import { slaCreditSchema } from './slos/credit-model.ts';
import { sloDaySchema } from './slos/day-model.ts';
import { checkHourSchema } from './slos/hour-model.ts';
import { sloSchema } from './slos/model.ts';
import { statusPageSchema } from './status-page/model.ts';

export const models = {
  Service: tenantOwned(serviceSchema),
  Check: tenantOwned(checkSchema, {
    secret: ['lease', 'sealed', 'heartbeat'],
    people: { mentions: { recordedBy: 'it is a token of whichever copy ran the check' } },
  }),
  HealthEvent: tenantOwned(healthEventSchema),
  Result: tenantOwned(resultSchema, { path: 'meta.tenantId' }),
  AlertRule: tenantOwned(alertRuleSchema),
  Alert: tenantOwned(alertSchema, {
    people: {
      mentions: { 'acknowledgement.acknowledgedBy': 'the alert is about a service, not about them' },
    },
  }),
  Silence: tenantOwned(silenceSchema, {
    people: { mentions: { createdBy: 'the silence is about alerts, not about them' } },
  }),
  MaintenanceWindow: tenantOwned(maintenanceWindowSchema, {
    people: { mentions: { createdBy: 'the window is about services, not about them' } },
  }),
  Inhibition: tenantOwned(inhibitionSchema),
  NotificationPolicy: tenantOwned(notificationPolicySchema, {
    people: { mentions: { groupBy: 'these are names of labels' } },
  }),
  NotificationChannel: tenantOwned(notificationChannelSchema, { secret: ['sealed'] }),
  Notification: tenantOwned(notificationSchema),
  MetricSeries: tenantOwned(metricSeriesSchema),
  MetricSample: tenantOwned(metricSampleSchema, { path: 'meta.tenantId' }),
  MetricMinute: tenantOwned(metricMinuteSchema, { path: 'meta.tenantId' }),
  MetricHour: tenantOwned(metricHourSchema, { path: 'meta.tenantId' }),
  MetricUsage: tenantOwned(metricUsageSchema, { path: '_id' }),
  Slo: tenantOwned(sloSchema),
  SloDay: tenantOwned(sloDaySchema),
  SlaCredit: tenantOwned(slaCreditSchema),
  CheckHour: tenantOwned(checkHourSchema),
  Incident: tenantOwned(incidentSchema, {
    people: {
      mentions: {
        openedBy: 'the incident is about services, not about them',
        acknowledgedBy: 'the incident is about services, not about them',
        'roles.personId': 'who did what in an incident is the tenant’s own record',
        'actionItems.ownerId': 'who has something to do is the tenant’s own record',
      },
    },
  }),
  IncidentEntry: tenantOwned(incidentEntrySchema, {
    people: {
      mentions: {
        actorId: 'who did what in an incident is the tenant’s own record',
        personId: 'who had which role is the tenant’s own record',
      },
    },
  }),
  // At home, so that an address is found without asking every region.
  StatusPage: tenantOwned(statusPageSchema, { residence: 'home' }),
  KnownTenant: tenantOwned(knownTenantSchema, { path: '_id' }),
};
