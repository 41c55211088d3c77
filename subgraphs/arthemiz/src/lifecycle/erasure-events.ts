// What subgraphs say about batches that they were asked to erase.
import type { EventHandlers } from '@supergraph/chassis/event-handlers';
import type { Arthemiz } from '../context.ts';
import { continueErasure } from './erasing.ts';

export const erasureHandlers: EventHandlers<Arthemiz> = {
  'tenancy.erasure.finished.v1': ({ event, service }) => {
    const { tenantId, ...answer } = event.data;
    return continueErasure(service, { tenantId, answer });
  },
};
