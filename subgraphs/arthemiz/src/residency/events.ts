// What subgraphs say about moves.
import type { EventHandlers } from '@supergraph/chassis/event-handlers';
import type { Arthemiz } from '../context.ts';
import { noteAnswer } from './moving.ts';

export const residencyHandlers: EventHandlers<Arthemiz> = {
  'tenancy.move.finished.v1': ({ event, service, emit }) => noteAnswer(service, { emit }, event.data),
};
