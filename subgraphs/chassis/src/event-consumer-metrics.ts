import { Counter, Histogram, type Registry } from 'prom-client';

/** What is measured of a consumer of events. */
export function consumerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    events: new Counter({
      name: 'events_consumed_total',
      help: 'Events taken from the work queue, by outcome: handled, duplicate, retried or dead.',
      labelNames: ['outcome'],
      registers,
    }),
    batches: new Histogram({
      name: 'event_batch_size',
      help: 'Events that were taken together, for handlers that take several in one transaction.',
      buckets: [1, 5, 20, 50, 100, 200, 500],
      registers,
    }),
    seconds: new Histogram({
      name: 'event_handling_seconds',
      help: 'Time from taking an event to its acknowledgement.',
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    }),
  };
}
