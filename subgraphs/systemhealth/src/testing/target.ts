// For tests only: an HTTP server to be watched. It can be stopped and started on its port, and notices when two
// requests to one path overlap.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Target {
  readonly url: string;
  /** Requests so far, and the most to one path at once. */
  readonly seen: { requests: number; atOnce: number };
  /** How long each answer takes. */
  answerAfterMs: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function startTarget(): Promise<Target> {
  const seen = { requests: 0, atOnce: 0 };
  const open = new Map<string, number>();
  let server: Server | null = null;

  const listen = async (port: number) => {
    const listening = createServer((request, response) => {
      const path = request.url ?? '';
      const now = (open.get(path) ?? 0) + 1;
      open.set(path, now);
      seen.requests += 1;
      seen.atOnce = Math.max(seen.atOnce, now);
      const answer = setTimeout(() => response.end('fine'), target.answerAfterMs);
      response.once('close', () => {
        clearTimeout(answer);
        open.set(path, (open.get(path) ?? 1) - 1);
      });
    });
    await new Promise<void>((resolve) => listening.listen(port, '127.0.0.1', resolve));
    server = listening;
    return (listening.address() as AddressInfo).port; // a TCP server's address is never a string
  };
  const target = {
    url: '',
    seen,
    answerAfterMs: 0,
    async stop() {
      const listening = server;
      server = null;
      listening?.closeAllConnections();
      await new Promise((resolve) => (listening === null ? resolve(null) : listening.close(resolve)));
    },
    async start() {
      if (server === null) await listen(port);
    },
  };
  const port = await listen(0);
  target.url = `http://127.0.0.1:${port}`;
  return target;
}
