// A TCP target answers when it accepts a connection.
import { connect, type LookupFunction } from 'node:net';
import type { Probe } from './probe.ts';

/** `url` is tcp://host:port. `lookup` resolves the host; it may refuse. */
export function tcpProbe(url: string, lookup?: LookupFunction): Probe {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return {
    ask: (signal) =>
      new Promise((resolve, reject) => {
        const socket = connect({ host, port: Number(port), ...(lookup && { lookup }) });
        const abandon = () => socket.destroy(new Error('no answer', { cause: signal.reason }));
        signal.addEventListener('abort', abandon, { once: true });
        socket.once('close', () => signal.removeEventListener('abort', abandon));
        socket.once('error', reject);
        socket.once('connect', () => {
          socket.destroy();
          resolve({ message: null });
        });
      }),
    close: async () => undefined,
  };
}
