// For tests only: a client that comes back after each close of its connection and goes on after the last cursor.
import { openRawSocket, type RawSocket } from './live-client.ts';

export interface ResumingClient {
  /** Payloads of `next`, in the order in which they came, over all connections. */
  readonly results: ReadonlyArray<Record<string, unknown>>;
  /** Close codes of the connections that it lost. */
  readonly closes: readonly number[];
  /** Where it would go on. */
  cursor(): string | null;
  stop(): void;
}

export interface ResumingClientOptions {
  /** Where to connect; asked anew each time. */
  url(): string;
  token: string;
  query: string;
  resumeAfter?: string;
}

const pauseMs = 20;

export function openResumingClient({
  url,
  token,
  query,
  resumeAfter,
}: ResumingClientOptions): ResumingClient {
  const results: Array<Record<string, unknown>> = [];
  const closes: number[] = [];
  let cursor: string | null = resumeAfter ?? null;
  let isOver = false;
  let current: RawSocket | undefined;

  function receive(message: Record<string, unknown>): void {
    const payload = message.payload as { extensions?: { cursor?: string }; cursors?: { live?: string } };
    if (message.type === 'next') results.push(payload as Record<string, unknown>); // what the protocol says
    cursor = payload?.extensions?.cursor ?? payload?.cursors?.live ?? cursor;
  }

  async function connect(): Promise<void> {
    const raw = await openRawSocket(url());
    current = raw;
    raw.socket.on('message', (data) => receive(JSON.parse(String(data))));
    raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    raw.socket.once('message', () =>
      raw.send({ type: 'subscribe', id: 'live', payload: { query, extensions: { resumeAfter: cursor } } }),
    );
    const { code } = await raw.closed;
    closes.push(code);
  }

  async function stay(): Promise<void> {
    while (!isOver) {
      await connect().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  void stay();
  return {
    results,
    closes,
    cursor: () => cursor,
    stop() {
      isOver = true;
      current?.socket.close();
    },
  };
}
