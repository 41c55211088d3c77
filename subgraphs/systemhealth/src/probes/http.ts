// An HTTP target answers when its status is from 200 to 399.
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import { ProbeFailure } from './failures.ts';
import type { Answer, Probe } from './probe.ts';

/** More of a body than this isn't read: the status has been seen. */
const bodyBytes = 65_536;

const headers = { 'user-agent': 'SystemHealth/1 (uptime check)', accept: '*/*' };

/** Asks over one kept-alive connection; undici notices at once when the target closes it. */
export function httpProbe(url: string): Probe {
  const agent = new Agent({ connections: 1, pipelining: 1, keepAliveTimeout: 30_000 });
  return {
    ask: (signal) => get(url, agent, signal),
    close: () => agent.destroy(),
  };
}

/** Asks over a new connection each time, to an address that `lookup` has let pass. */
export function guardedHttpProbe(url: string, lookup: LookupFunction): Probe {
  return {
    async ask(signal) {
      const agent = new Agent({ connections: 1, connect: { lookup } });
      try {
        return await get(url, agent, signal);
      } finally {
        await agent.destroy();
      }
    },
    close: async () => undefined,
  };
}

async function get(url: string, dispatcher: Dispatcher, signal: AbortSignal): Promise<Answer> {
  // undici's request follows no redirect, so none can lead to another, unchecked address.
  const { statusCode, body } = await request(url, { dispatcher, signal, headers });
  await body.dump({ limit: bodyBytes, signal });
  if (statusCode < 200 || statusCode > 399) throw new ProbeFailure(`HTTP status ${statusCode}`);
  return { message: `HTTP status ${statusCode}` };
}
