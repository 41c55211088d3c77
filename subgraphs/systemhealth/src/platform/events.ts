// What this subgraph does about other subgraphs' facts.
import type { EventHandlers } from '@supergraph/chassis/event-consumer';
import type { SystemHealth } from '../context.ts';
import { provisionTenant } from './provisioning.ts';

export const handlers: EventHandlers<SystemHealth> = {
  'arthemiz.tenant.created.v1': ({ event, service }) => provisionTenant(service, event.data.tenantId),
};
