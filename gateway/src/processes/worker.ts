// One of several processes of a gateway. The first process hands it connections once it serves, and tells it when to
// stop; signals are the first process's to understand, as they often reach all of them.
import type { HostProcess } from '@supergraph/chassis/shutdown';
import { Gauge, type Registry } from 'prom-client';
import { type Order, orderShape, type Report } from './messages.ts';

/** Metrics as a scrape gets them. */
export type ScrapedMetrics = Pick<Registry, 'contentType' | 'metrics'>;

export interface Worker {
  /** Stops when the first process says so. */
  readonly host: HostProcess;
  /** The metrics of all processes instead of its own. */
  gather(own: Registry): ScrapedMetrics;
  /** To be told once it takes requests. */
  serving(): void;
}

/** How long a scrape waits for all processes before it shows what this one has. */
const gatherMs = 4_000;

export function joinProcesses(): Worker {
  let ownMetrics: Registry | undefined;
  let stop: () => void = () => undefined;
  let asked = 0;
  const waiting = new Map<number, (text: string) => void>();
  const report = (message: Report) => void process.send?.(message);

  async function obey(order: Order): Promise<void> {
    if (order.kind === 'stop') stop();
    if (order.kind === 'measured') waiting.get(order.id)?.(order.text);
    if (order.kind === 'measure')
      report({ kind: 'answer', id: order.id, metrics: (await ownMetrics?.getMetricsAsJSON()) ?? [] });
  }
  process.on('message', (message) => {
    const order = orderShape.safeParse(message);
    if (order.success) void obey(order.data);
  });

  return {
    host: {
      on(event, listener) {
        if (event === 'SIGTERM') stop = listener;
        process.on(event, event === 'SIGTERM' || event === 'SIGINT' ? () => undefined : listener);
      },
      exit: (code) => process.exit(code),
      stderr: process.stderr,
    },
    serving: () => report({ kind: 'serving' }),
    gather(own) {
      ownMetrics = own;
      new Gauge({
        name: 'gateway_processes',
        help: 'Processes of this gateway that serve.',
        registers: [own],
      }).set(1);
      return {
        contentType: own.contentType,
        metrics: () => {
          asked += 1;
          const id = asked;
          return new Promise<string>((resolve) => {
            const timer = setTimeout(async () => settle(await own.metrics()), gatherMs);
            const settle = (text: string) => {
              clearTimeout(timer);
              waiting.delete(id);
              resolve(text);
            };
            waiting.set(id, settle);
            report({ kind: 'metrics', id });
          });
        },
      };
    },
  };
}
