// For tests only: a webhook's end, which keeps what it is sent and answers as it is told to.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect
  readonly body: any;
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** `witness` sees each request before it is answered. */
export async function startReceiver({ witness }: { witness?: (request: Received) => Promise<void> } = {}) {
  const received: Received[] = [];
  let isSilent = false;
  let status = 204;
  let location: string | undefined;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const told = { headers: request.headers, text, receivedAt: Date.now(), body: JSON.parse(text) };
    received.push(told);
    await witness?.(told);
    if (isSilent) return;
    response.writeHead(status, location === undefined ? {} : { location }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server's, once it listens
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answer(next: number, to?: string) {
      isSilent = false;
      status = next;
      location = to;
    },
    /** Takes what it is sent and leaves it without an answer. */
    fallSilent() {
      isSilent = true;
    },
    /** What was told of alerts, in its order: kind and summary. */
    told: () =>
      received.flatMap(({ body }): [string, string][] =>
        (body.data?.alerts ?? []).map((alert: { kind: string; summary: string }) => [
          alert.kind,
          alert.summary,
        ]),
      ),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
