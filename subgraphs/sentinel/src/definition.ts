// Everything that makes this subgraph, for main.ts and for tests.
import { defineSubgraph } from '@supergraph/chassis/subgraph';
import { auditHandlers } from './audit/events.ts';
import { createCheckpointer } from './audit/signing.ts';
import { baselineStep } from './baseline/provisioning.ts';
import { config } from './config.ts';
import { findingChangedTopic } from './findings/live.ts';
import { gapHandlers } from './gaps/events.ts';
import { createLoaders } from './loaders.ts';
import { models } from './models.ts';
import { resolvers } from './resolvers.ts';
import { handlers } from './security-events/events.ts';
import { securityEventStoredTopic } from './security-events/live.ts';

export const definition = defineSubgraph({
  name: 'sentinel',
  schema: new URL('../schema.graphql', import.meta.url),
  config,
  models,
  resolvers,
  loaders: createLoaders,
  handlers: { ...handlers, ...auditHandlers, ...gapHandlers },
  workers: [createCheckpointer],
  provisioning: [baselineStep],
  retention: {
    SecurityEvent: { since: 'occurredAt', days: (config) => config.SECURITY_EVENT_RETENTION_DAYS },
    EventGap: { since: 'until', days: (config) => config.SECURITY_EVENT_RETENTION_DAYS },
    Finding: { since: 'changedAt', days: (config) => config.FINDING_RETENTION_DAYS },
  },
  liveLogs: { [securityEventStoredTopic]: {}, [findingChangedTopic]: {} },
});
