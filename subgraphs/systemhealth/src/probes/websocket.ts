// A WebSocket target answers when it takes the handshake, and says what was asserted of its first message.
import { assertHostAllowed } from '@supergraph/chassis/addresses';
import { WebSocket } from 'ws';
import { firstFailure } from '../expectations/assertions.ts';
import { ProbeFailure } from './failures.ts';
import type { Probe } from './probe.ts';
import type { Target } from './reaching.ts';
import type { SettingsOf } from './settings.ts';

const mostBytes = 262_144;

/** `target.url` is ws:// or wss://. Redirects are not followed. */
export function webSocketProbe(
  target: Target,
  settings: SettingsOf<'WEBSOCKET'>,
  { ca }: { ca?: string | undefined } = {},
): Probe {
  const { subprotocol, send, assertions } = settings;
  return {
    async ask(signal) {
      assertHostAllowed(target.url, target.guard);
      const socket = new WebSocket(target.url, subprotocol === null ? [] : [subprotocol], {
        lookup: target.guard.lookup,
        headers: { 'user-agent': 'SystemHealth/1 (uptime check)', ...target.headers },
        maxPayload: mostBytes,
        followRedirects: false,
        perMessageDeflate: false,
        ...(ca === undefined ? {} : { ca }),
      });
      try {
        await opened(socket, signal);
        if (send !== null) socket.send(send);
        if (assertions.length === 0) return { message: null };
        const failure = firstFailure(assertions, { body: await firstMessage(socket, signal) });
        if (failure !== null) throw new ProbeFailure(failure);
        return { message: null };
      } finally {
        // Its end is of no interest any more; unheard, an error of it would end the process.
        socket.on('error', () => undefined);
        socket.terminate();
      }
    },
    close: async () => undefined,
  };
}

function opened(socket: WebSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no answer')), { once: true });
    socket.once('open', resolve);
    socket.once('unexpected-response', (_, { statusCode }) =>
      reject(new ProbeFailure(`no WebSocket, HTTP status ${statusCode}`)),
    );
    socket.once('error', (error) =>
      reject(/subprotocol/i.test(error.message) ? new ProbeFailure('subprotocol was not taken') : error),
    );
  });
}

function firstMessage(socket: WebSocket, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no answer')), { once: true });
    socket.once('message', (data) => resolve(String(data)));
    socket.once('close', () => reject(new ProbeFailure('connection closed by the target')));
    socket.once('error', reject);
  });
}
