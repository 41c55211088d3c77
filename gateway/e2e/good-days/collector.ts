// An OpenTelemetry collector that remembers the spans of each trace (OTLP over HTTP, JSON).
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({
        attributes: z.array(
          z.object({ key: z.string(), value: z.object({ stringValue: z.string() }).partial() }),
        ),
      }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
            }),
          ),
        }),
      ),
    }),
  ),
});

export interface CollectedSpan {
  service: string;
  name: string;
  spanId: string;
  parentSpanId: string | undefined;
}

export interface Collector {
  url: string;
  /** Of the trace, as far as they have arrived. */
  spansOf(traceId: string): readonly CollectedSpan[];
  stop(): void;
}

export async function startCollector(): Promise<Collector> {
  const traces = new Map<string, CollectedSpan[]>();
  const server = createServer(async (request, response) => {
    for (const { resource, scopeSpans } of exported.parse(await json(request)).resourceSpans) {
      const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
      for (const { traceId, spanId, parentSpanId, name } of scopeSpans.flatMap(({ spans }) => spans)) {
        const spans = traces.get(traceId) ?? [];
        traces.set(traceId, [...spans, { service, name, spanId, parentSpanId }]);
      }
    }
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a TCP port
  return {
    url: `http://127.0.0.1:${port}`,
    spansOf: (traceId) => traces.get(traceId) ?? [],
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
