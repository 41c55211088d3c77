// For tests only: a TCP proxy before a backing service, to take it away and give it back without touching it.
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export interface InterruptibleProxy {
  /** The target's URL with the proxy's host and port. */
  readonly url: string;
  /** Breaks all connections and refuses new ones. */
  cut(): Promise<void>;
  /** Lets connections through again, on the same port. */
  restore(): Promise<void>;
  /** Keeps connections open and lets nothing through in either direction until `thaw`: a peer gone silent. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export interface InterruptibleProxyOptions {
  /** Sees what a client sends, on its way; may cut or freeze. */
  onSent?: (bytes: Buffer) => void;
}

/** Listens on a free port of the loopback and forwards to the URL's host and port. */
export async function startInterruptibleProxy(
  targetUrl: string,
  { onSent }: InterruptibleProxyOptions = {},
): Promise<InterruptibleProxy> {
  const target = new URL(targetUrl);
  const pairs = new Set<[Socket, Socket]>();
  let isFrozen = false;
  let server: Server | null = null;

  const forward = (client: Socket) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port) });
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    if (onSent) client.on('data', onSent);
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.setNoDelay(true);
      if (!isFrozen) from.pipe(to);
      from.on('error', () => undefined);
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  };
  const listen = async (port: number) => {
    const listening = createServer(forward);
    await new Promise<void>((resolve, reject) => {
      listening.once('error', reject);
      listening.listen(port, '127.0.0.1', resolve);
    });
    server = listening;
    return (listening.address() as AddressInfo).port; // a TCP server's address is never a string
  };
  const cut = async () => {
    const listening = server;
    server = null;
    for (const [client, upstream] of pairs) {
      // Node 20 spins for ever at its exit over a socket that was reset while it was ending.
      if (client.writableEnded) client.destroy();
      else client.resetAndDestroy();
      upstream.destroy();
    }
    if (listening !== null) await new Promise((resolve) => listening.close(resolve));
  };

  const port = await listen(0);
  const url = new URL(targetUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    cut,
    async restore() {
      if (server === null) await listen(port);
    },
    freeze() {
      isFrozen = true;
      for (const pair of pairs) for (const socket of pair) socket.unpipe().pause();
    },
    thaw() {
      isFrozen = false;
      for (const [client, upstream] of pairs) client.pipe(upstream).pipe(client);
    },
    stop: cut,
  };
}
