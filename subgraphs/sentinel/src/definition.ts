// Everything that makes this subgraph, for main.ts and for tests.
import { defineSubgraph } from '@supergraph/chassis/subgraph';
import { auditHandlers } from './audit/events.ts';
import { createCheckpointer } from './audit/signing.ts';
import { baselineStep } from './baseline/provisioning.ts';
import { config } from './config.ts';
import { findingChangedTopic } from './findings/live.ts';
import { gapHandlers } from './gaps/events.ts';
import { createPlacesRefresh } from './geography/places.ts';
import { createLoaders } from './loaders.ts';
import { models } from './models.ts';
import { notePrincipal } from './principals/events.ts';
import { resolvers } from './resolvers.ts';
import { responseHandlers } from './responses/events.ts';
import { createResponseEnds } from './responses/expiring.ts';
import { responseChangedTopic } from './responses/response-changed.ts';
import { createAccessRuleRoute } from './responses/route.ts';
import { handlers } from './security-events/events.ts';
import { securityEventStoredTopic } from './security-events/live.ts';
import { storePrivilegeChange } from './security-events/privileges.ts';
import { createAccessEventRoute } from './security-events/route.ts';

/** What goes into the audit trail says who holds which roles, too, and that somebody got others. */
const additions = [notePrincipal, storePrivilegeChange];

export const definition = defineSubgraph({
  name: 'sentinel',
  schema: new URL('../schema.graphql', import.meta.url),
  config,
  models,
  resolvers,
  loaders: createLoaders,
  audited: [
    ...['changeFindingStatus', 'assignFinding', 'reportVulnerabilities'],
    ...['createDetectionRule', 'updateDetectionRule', 'enableDetectionRule', 'disableDetectionRule'],
    'tuneDetector',
    ...['createResponsePolicy', 'updateResponsePolicy', 'deleteResponsePolicy'],
    ...['addToAllowList', 'removeFromAllowList'],
    ...['createSuppression', 'deleteSuppression', 'createCanary', 'deleteCanary'],
  ],
  handlers: {
    ...handlers,
    ...responseHandlers,
    ...auditHandlers(additions),
    ...gapHandlers,
  },
  routes: async (service) => [await createAccessRuleRoute(service), await createAccessEventRoute(service)],
  workers: [createResponseEnds, createCheckpointer, createPlacesRefresh],
  provisioning: [baselineStep],
  retention: {
    SecurityEvent: { since: 'occurredAt', days: (config) => config.SECURITY_EVENT_RETENTION_DAYS },
    EventGap: { since: 'until', days: (config) => config.SECURITY_EVENT_RETENTION_DAYS },
    Finding: { since: 'changedAt', days: (config) => config.FINDING_RETENTION_DAYS },
    Response: { since: 'changedAt', days: (config) => config.FINDING_RETENTION_DAYS },
  },
  liveLogs: { [securityEventStoredTopic]: {}, [findingChangedTopic]: {}, [responseChangedTopic]: {} },
});
