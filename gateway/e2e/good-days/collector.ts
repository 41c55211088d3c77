// An OpenTelemetry collector that remembers which services took part in which trace (OTLP over HTTP, JSON).
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
      scopeSpans: z.array(z.object({ spans: z.array(z.object({ traceId: z.string(), name: z.string() })) })),
    }),
  ),
});

export interface Collector {
  url: string;
  /** Names of the services with spans in the trace. */
  servicesOf(traceId: string): string[];
  stop(): void;
}

export async function startCollector(): Promise<Collector> {
  const services = new Map<string, Set<string>>();
  const server = createServer(async (request, response) => {
    for (const { resource, scopeSpans } of exported.parse(await json(request)).resourceSpans) {
      const name = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
      for (const { traceId } of scopeSpans.flatMap(({ spans }) => spans))
        services.set(traceId, (services.get(traceId) ?? new Set()).add(name));
    }
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a TCP port
  return {
    url: `http://127.0.0.1:${port}`,
    servicesOf: (traceId) => [...(services.get(traceId) ?? [])].sort(),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
