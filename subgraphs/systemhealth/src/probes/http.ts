// An HTTP target answers when its status is as expected (200 to 399 unless told), and all that is asserted of it holds.
import { TLSSocket } from 'node:tls';
import { assertHostAllowed } from '@supergraph/chassis/addresses';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { firstFailure, lookAtBody } from '../expectations/assertions.ts';
import {
  certificateMeasurements,
  demandDaysLeft,
  type ShownCertificate,
  shownCertificate,
} from './certificates.ts';
import { ProbeFailure } from './failures.ts';
import type { Measurement } from './measurement.ts';
import type { Answer, Probe } from './probe.ts';
import type { Target } from './reaching.ts';
import { isExpectedStatus, type SettingsOf } from './settings.ts';

/** More of a body than this isn't read where nothing is asserted of it: the status has been seen. */
const dumpedBytes = 65_536;
/** Of a larger body nothing can be asserted. */
const readBytes = 262_144;

const presetHeaders = { 'user-agent': 'SystemHealth/1 (uptime check)', accept: '*/*' };

/** Asks a part of the platform over one kept-alive connection; undici notices at once when the target closes it. */
export function httpProbe(url: string): Probe {
  const agent = new Agent({ connections: 1, pipelining: 1, keepAliveTimeout: 30_000 });
  return {
    async ask(signal) {
      const { statusCode, body } = await request(url, { dispatcher: agent, signal, headers: presetHeaders });
      await body.dump({ limit: dumpedBytes, signal });
      return judgeStatus(statusCode, null);
    },
    close: () => agent.destroy(),
  };
}

export interface GuardedAgent {
  readonly dispatcher: Dispatcher;
  /** The certificate of the connection made last; null before, and without TLS. */
  certificate(): ShownCertificate | null;
  destroy(): Promise<void>;
}

/** Opens connections to addresses that the guard lets pass; a URL's literal address is judged by whoever asks for it. */
export function guardedAgent({ guard, ca }: Pick<Target, 'guard'> & { ca?: string }): GuardedAgent {
  const connect = buildConnector({ lookup: guard.lookup, ...(ca !== undefined && { ca }) });
  let shown: ShownCertificate | null = null;
  const agent = new Agent({
    connections: 1,
    connect: (options, callback) =>
      connect(options, (...[error, socket]) => {
        if (error) return callback(error, null);
        shown = socket instanceof TLSSocket ? shownCertificate(socket) : null;
        return callback(null, socket);
      }),
  });
  return { dispatcher: agent, certificate: () => shown, destroy: () => agent.destroy() };
}

/** Asks a tenant's target over a new connection each time. */
export function guardedHttpProbe(target: Target, settings: SettingsOf<'HTTP'>): Probe {
  return {
    async ask(signal) {
      const agent = guardedAgent(target);
      try {
        return await askHttp(target, { settings, agent, signal });
      } finally {
        await agent.destroy();
      }
    },
    close: async () => undefined,
  };
}

interface Asking {
  readonly settings: SettingsOf<'HTTP'>;
  readonly agent: GuardedAgent;
  readonly signal: AbortSignal;
}

interface Hop {
  readonly url: URL;
  readonly method: Dispatcher.HttpMethod;
  readonly body: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Asks by an agent of the caller's: once, and again for each redirect that may be followed. */
export async function askHttp(target: Target, { settings, agent, signal }: Asking): Promise<Answer> {
  const { dispatcher } = agent;
  let { method, body: sent }: Pick<Hop, 'method' | 'body'> = settings;
  let [url, headers] = [new URL(target.url), target.headers];
  for (let redirects = 0; ; redirects += 1) {
    assertHostAllowed(url, target.guard);
    const response: Dispatcher.ResponseData = await request(url, {
      ...{ dispatcher, signal, method, body: sent, headers: { ...presetHeaders, ...headers } },
    });
    const measurements = measured(response.statusCode, agent.certificate());
    const next: Hop | null =
      redirects < settings.redirects ? redirected(response, { url, method, body: sent, headers }) : null;
    if (next === null)
      return judge(response, { settings, measurements, signal, certificate: agent.certificate() });
    await response.body.dump({ limit: dumpedBytes, signal });
    ({ url, method, body: sent, headers } = next);
  }
}

function measured(statusCode: number, certificate: ShownCertificate | null): Measurement[] {
  const status = { metric: 'http_response_status', value: statusCode };
  return certificate === null ? [status] : [status, ...certificateMeasurements(certificate, Date.now())];
}

/** Where a redirect leads, as fetch follows it (RFC 9110 15.4); null when it is none. */
function redirected({ statusCode, headers }: Dispatcher.ResponseData, from: Hop): Hop | null {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(statusCode) || typeof location !== 'string') return null;
  if (!URL.canParse(location, from.url.href)) throw new ProbeFailure('redirected to what is no URL');
  const url = new URL(location, from.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new ProbeFailure('redirected to what is neither http nor https');
  const becomesGet = statusCode === 303 ? from.method !== 'HEAD' : statusCode < 303 && from.method === 'POST';
  // What may be a secret is for the target that it was given for.
  const ownHeaders = url.origin === from.url.origin ? from.headers : {};
  if (becomesGet) return { url, method: 'GET', body: null, headers: ownHeaders };
  return { url, method: from.method, body: from.body, headers: ownHeaders };
}

interface Judging {
  readonly settings: SettingsOf<'HTTP'>;
  readonly measurements: readonly Measurement[];
  readonly certificate: ShownCertificate | null;
  readonly signal: AbortSignal;
}

async function judge(response: Dispatcher.ResponseData, judging: Judging): Promise<Answer> {
  const { settings, measurements, certificate, signal } = judging;
  const { statusCode, headers } = response;
  const isBodyRead = lookAtBody(settings.assertions);
  const body = isBodyRead ? await boundedText(response, measurements) : '';
  if (!isBodyRead) await response.body.dump({ limit: dumpedBytes, signal });
  const answer = judgeStatus(statusCode, settings.statuses, measurements);
  const failure = firstFailure(settings.assertions, {
    body,
    header(name) {
      const value = headers[name.toLowerCase()];
      return value === undefined ? null : [value].flat().join(', ');
    },
  });
  if (failure !== null) throw new ProbeFailure(failure, measurements);
  if (settings.certificateDays !== null) {
    if (certificate === null) throw new ProbeFailure('no certificate was shown', measurements);
    demandDaysLeft(certificate, { least: settings.certificateDays, now: Date.now(), measurements });
  }
  return answer;
}

function judgeStatus(
  statusCode: number,
  statuses: readonly string[] | null,
  measurements: readonly Measurement[] = [],
): Answer {
  const message = `HTTP status ${statusCode}`;
  if (!isExpectedStatus(statusCode, statuses)) throw new ProbeFailure(message, measurements);
  return { message, measurements };
}

/** @throws ProbeFailure when it is too large to be read. */
export async function boundedText(
  { body }: Pick<Dispatcher.ResponseData, 'body'>,
  measurements: readonly Measurement[] = [],
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > readBytes) throw new ProbeFailure('the body is larger than 256 KiB', measurements);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
