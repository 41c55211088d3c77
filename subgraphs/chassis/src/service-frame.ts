// The frame of every service: what is opened before all else, and how it stops.
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { ChassisConfig } from './config.ts';
import { createHealth, type Health } from './health.ts';
import { type HttpServer, type Route, startHttpServer } from './http.ts';
import { createLogger } from './logging.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { observationRoutes, startingRoute } from './observation.ts';
import { createOutgoing, type Outgoing } from './outgoing.ts';
import { type Opened, trackOpened } from './shutdown.ts';
import { startTracing, type Tracing } from './tracing.ts';

export interface ServiceFrame {
  readonly logger: Logger;
  readonly tracing: Tracing;
  readonly metrics: Metrics;
  readonly outgoing: Outgoing;
  readonly health: Health;
  /** What is opened later is closed earlier. */
  readonly opened: Opened;
  /** Answers by these routes, beside those by which operators look at it. */
  serve(routes: readonly Route[]): void;
  /**
   * Marks the place of requests in the order of the stop: before all that was opened until now.
   * @param end ends what HTTP does not, such as WebSockets, while HTTP ends its own
   */
  endRequests(end: () => Promise<unknown>): void;
}

export interface RunningService {
  /** Base URL, e.g. `http://127.0.0.1:4101`. */
  readonly url: string;
  readonly port: number;
  /** Finishes what is in flight, then closes everything. Further calls wait for the first. */
  stop(): Promise<void>;
}

export interface ServiceFrameOptions {
  name: string;
  config: Pick<
    ChassisConfig,
    | 'HOST'
    | 'PORT'
    | 'LOG_LEVEL'
    | 'OTEL_EXPORTER_OTLP_ENDPOINT'
    | 'OTEL_TRACES_SAMPLER_ARG'
    | 'SHUTDOWN_DELAY_MS'
    | 'SHUTDOWN_GRACE_MS'
  >;
  /** For one of several processes, which listen only when they can serve: the metrics of all, instead of its own. */
  gather?: ((own: Registry) => Pick<Registry, 'contentType' | 'metrics'>) | undefined;
}

/**
 * Starts a service: `open` opens its parts, and when it is done the service is ready.
 * @throws what kept it from starting; what was opened is closed again.
 */
export async function startInFrame<Parts extends object>(
  { name, config, gather }: ServiceFrameOptions,
  open: (frame: ServiceFrame) => Promise<Parts>,
): Promise<Parts & RunningService> {
  const logger = createLogger({ service: name, level: config.LOG_LEVEL });
  const { HOST: host, PORT: port, SHUTDOWN_DELAY_MS: delayMs, SHUTDOWN_GRACE_MS: graceMs } = config;
  const opened = trackOpened(logger, { deadlineMs: delayMs + graceMs + 5_000 });
  try {
    const tracing = startTracing({
      service: name,
      endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
      ratio: config.OTEL_TRACES_SAMPLER_ARG,
    });
    opened.add('tracing', () => tracing.stop());
    const metrics = createMetrics(name);
    const outgoing = createOutgoing({ metrics, logger });
    opened.add('outgoing calls', () => outgoing.close());

    // Listens at once, so that probes see a service that is starting, and a taken port is known first.
    const health = createHealth({ logger });
    const listening = gather ? 'later' : 'at once';
    const http = await startHttpServer({ host, port, logger, metrics, tracing, listening });
    opened.add('http', () => http.stop({ graceMs: 0 }));
    const observation = observationRoutes({
      health,
      registry: gather?.(metrics.registry) ?? metrics.registry,
    });
    http.serve([...observation, startingRoute]);

    let drained: Promise<void> | undefined;
    const parts = await open({
      ...{ logger, tracing, metrics, outgoing, health, opened },
      serve: (routes) => http.serve([...observation, ...routes]),
      endRequests: (end) =>
        opened.add('requests', async () => {
          await drained;
          await Promise.all([end(), http.stop({ graceMs })]);
        }),
    });
    health.phase = 'ready';
    if (gather) await http.listen();
    logger.info({ url: http.url }, 'ready');

    const stop = async () => {
      health.phase = 'draining';
      logger.info('stopping');
      drained = http.drain({ delayMs });
      await opened.close();
      logger.info('stopped');
    };
    return { ...parts, ...runningService(http, stop) };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function runningService({ url, port }: HttpServer, stop: () => Promise<void>): RunningService {
  let stopping: Promise<void> | undefined;
  return {
    url,
    port,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
