// What others could not tell, and told that they could not.
import type { EventHandlers } from '@supergraph/chassis/event-handlers';
import type { Sentinel } from '../context.ts';
import type { GapReason } from './model.ts';
import { noteGap } from './noting.ts';

const reasons: Readonly<Record<'overflow' | 'sampled', GapReason>> = {
  overflow: 'OVERFLOW',
  sampled: 'SAMPLED',
};

export const gapHandlers: EventHandlers<Sentinel> = {
  'gateway.reports.lost.v1': ({ event: { data }, service }) =>
    noteGap(service, {
      ...{ source: 'gateway', reason: reasons[data.reason], count: data.count },
      ...{ from: new Date(data.from), until: new Date(data.until) },
    }),
};
