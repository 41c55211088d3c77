// What this subgraph does about other subgraphs' facts.
import type { EventHandlers } from '@supergraph/chassis/event-handlers';
import type { SystemHealth } from '../context.ts';

export const handlers: EventHandlers<SystemHealth> = {
  // Provisioning asks for the default checks. Queues of earlier versions stay bound to this event, and what nobody
  // handles would end as a dead letter.
  'arthemiz.tenant.created.v1': async () => undefined,
};
