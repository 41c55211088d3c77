// A collector of spans by OTLP over HTTP, for what the gateway says of its own steps.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

export interface Span {
  name: string;
  ms: number;
}

export interface SpanCollector {
  /** Of the process whose spans are wanted. */
  env: { OTEL_EXPORTER_OTLP_ENDPOINT: string; OTEL_BSP_SCHEDULE_DELAY: string };
  /** What has come since the last time, once no more comes. */
  take(): Promise<Span[]>;
  stop(): void;
}

const scheduleMs = 200;
const tracesShape = z.object({
  resourceSpans: z.array(
    z.object({
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({ name: z.string(), startTimeUnixNano: z.string(), endTimeUnixNano: z.string() }),
          ),
        }),
      ),
    }),
  ),
});

export async function startSpanCollector(): Promise<SpanCollector> {
  let spans: Span[] = [];
  let heardAt = 0;
  const server = createServer(async (request, response) => {
    const { resourceSpans } = tracesShape.parse(JSON.parse(await text(request)));
    for (const { spans: more } of resourceSpans.flatMap(({ scopeSpans }) => scopeSpans))
      for (const { name, startTimeUnixNano, endTimeUnixNano } of more)
        spans.push({ name, ms: Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e6 });
    heardAt = performance.now();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on no port');
  return {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${address.port}`,
      OTEL_BSP_SCHEDULE_DELAY: String(scheduleMs),
    },
    async take() {
      heardAt = performance.now();
      while (performance.now() - heardAt < 10 * scheduleMs) await pause(scheduleMs);
      const taken = spans;
      spans = [];
      return taken;
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
