// Everything that makes this subgraph, for main.ts and for tests.
import { defineSubgraph } from '@supergraph/chassis/subgraph';
import { createAlertEvaluator } from './alerts/evaluator.ts';
import { alertChangedTopic } from './alerts/live.ts';
import { historyDays } from './checks/event-model.ts';
import { healthChangedTopic } from './checks/live.ts';
import { config } from './config.ts';
import { createHeartbeatRoute } from './heartbeats/route.ts';
import { incidentChangedTopic } from './incidents/live.ts';
import { createLoaders } from './loaders.ts';
import { metricSamplesTopic } from './metrics/live.ts';
import { createMetricRoller } from './metrics/roller.ts';
import { models } from './models.ts';
import { createNotificationDelivery } from './notifications/delivery.ts';
import { handlers } from './platform/events.ts';
import { createProvisioner, defaultChecks } from './platform/provisioning.ts';
import { resolvers } from './resolvers.ts';
import { checkResultsTopic } from './results/live.ts';
import { createScheduler } from './scheduling/scheduler.ts';
import { errorBudgetChangedTopic } from './slos/live.ts';
import { createBudgetMeasuring } from './slos/measuring.ts';
import { createFeedRoute } from './status-page/feed-route.ts';
import { statusPageChangedTopic } from './status-page/live.ts';

export const definition = defineSubgraph({
  name: 'systemhealth',
  schema: new URL('../schema.graphql', import.meta.url),
  config,
  models,
  resolvers,
  loaders: createLoaders,
  audited: [
    ...['createService', 'createCheck', 'updateCheck', 'deleteCheck', 'renewHeartbeatUrl'],
    ...['createAlertRule', 'updateAlertRule', 'deleteAlertRule', 'acknowledgeAlert'],
    ...['createSilence', 'endSilence', 'createMaintenanceWindow', 'endMaintenanceWindow'],
    ...['createInhibition', 'deleteInhibition', 'createNotificationPolicy', 'deleteNotificationPolicy'],
    ...['createNotificationChannel', 'updateNotificationChannel', 'deleteNotificationChannel'],
    ...['rotateNotificationChannelSecret', 'testNotificationChannel'],
    ...['createSlo', 'updateSlo', 'deleteSlo', 'updateStatusPage'],
    ...['openIncident', 'postIncidentUpdate', 'changeIncident', 'assignIncidentRole', 'acknowledgeIncident'],
  ],
  handlers,
  routes: (service) => [createHeartbeatRoute(service), createFeedRoute(service)],
  provisioning: [defaultChecks],
  retention: { HealthEvent: { since: 'occurredAt', days: () => historyDays } },
  // A minute of results is enough for a page that was cut off; it draws older ones from their series.
  liveLogs: {
    [healthChangedTopic]: {},
    [checkResultsTopic]: { most: 2_000, forMs: 60_000 },
    [alertChangedTopic]: {},
    [metricSamplesTopic]: { most: 2_000, forMs: 60_000 },
    [errorBudgetChangedTopic]: {},
    [incidentChangedTopic]: {},
    [statusPageChangedTopic]: {},
  },
  workers: [
    ...[createProvisioner, createScheduler, createAlertEvaluator, createNotificationDelivery],
    ...[createMetricRoller, createBudgetMeasuring],
  ],
});
