// What subgraphs say about batches that they were asked to write.
import type { EventHandlers } from '@supergraph/chassis/event-handlers';
import type { Arthemiz } from '../context.ts';
import { continueExport } from './exporting.ts';

export const exportHandlers: EventHandlers<Arthemiz> = {
  'tenancy.export.finished.v1': {
    at: 'region',
    handle({ event, service }) {
      const { exportId, subgraph, batch, documents, isDone, error } = event.data;
      return continueExport(service, { exportId, answer: { subgraph, batch, documents, isDone, error } });
    },
  },
};
