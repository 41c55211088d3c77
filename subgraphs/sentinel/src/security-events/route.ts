// `POST /access-events`: accesses that other products saw, as NDJSON of any length up to a bound, stored while it comes. On the
// internal network, to whoever shows a passport; the gateway makes it public.
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { refusal } from '@supergraph/chassis/body';
import { forbidden } from '@supergraph/chassis/errors';
import type { Route } from '@supergraph/chassis/http';
import { createPassportVerifier, passportHeader } from '@supergraph/chassis/passport';
import { statusOf } from '@supergraph/chassis/problem';
import { inTenant } from '@supergraph/chassis/tenancy';
import { mongo } from 'mongoose';
import type { Sentinel } from '../context.ts';
import { linesOf } from './lines.ts';
import { admitted, mostEvents, type Taken, takeLines } from './taking.ts';

const path = '/access-events';
const permission = 'security-event:write';
/** Most of a body, unpacked. */
const mostBytes = 16 * 1_048_576;
const mostLines = 20_000;
const contentTypes = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];

export async function createAccessEventRoute(service: Sentinel): Promise<Route> {
  const verifyPassport = await createPassportVerifier({
    publicKey: service.config.PASSPORT_PUBLIC_KEY,
    audience: 'sentinel',
  });
  return {
    path,
    async handle(request, response) {
      try {
        if (request.method !== 'POST') throw refusal(405, 'Use POST.');
        const { tenantId, permissions } = await verifyPassport(request.headers[passportHeader]);
        if (tenantId === null || !permissions.has(permission))
          throw forbidden(`This takes ${permission}, which your roles don't include.`);
        const body = unpacked(request);
        const taken = await inTenant(tenantId, () => admitted(() => takeAll(service, body)));
        response
          .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
          .end(JSON.stringify(taken));
      } catch (error) {
        if (statusOf(error) === 429) response.setHeader('retry-after', '1');
        // Whoever is still sending would miss an answer before the end.
        await drained(request);
        throw readable(error);
      }
    },
  };
}

/** What is wrong with one line is said of that line; what is wrong with all, by an error. */
async function takeAll(service: Sentinel, body: Readable): Promise<Taken> {
  let acceptedCount = 0;
  const duplicates: string[] = [];
  const refusals: Taken['refusals'][number][] = [];
  let lines = 0;
  const soFar = () =>
    acceptedCount === 0
      ? 'None of its events was taken.'
      : `${acceptedCount} of its events were taken before.`;
  const tooLarge = () =>
    refusal(413, `A body has ${mostBytes} bytes and ${mostLines} lines at most, unpacked. ${soFar()}`);
  for await (const part of linesOf(body, { mostBytes, atOnce: mostEvents, tooLarge })) {
    lines += part.length;
    if (lines > mostLines) throw tooLarge();
    const taken = await takeLines(service, part);
    acceptedCount += taken.acceptedCount;
    duplicates.push(...taken.duplicates);
    refusals.push(...taken.refusals);
  }
  if (lines === 0) throw refusal(400, 'The body has no events. Send one of OCSF a line, as JSON.');
  return { acceptedCount, duplicates, refusals };
}

function unpacked(request: IncomingMessage): Readable {
  const [contentType = ''] = (request.headers['content-type'] ?? '').split(';', 1);
  if (!contentTypes.includes(contentType.trim().toLowerCase()))
    throw refusal(415, `Send the body as ${contentTypes[0]}.`);
  if (Number(request.headers['content-length'] ?? 0) > mostBytes)
    throw refusal(413, `A body has ${mostBytes} bytes at most. None of its events was taken.`);
  switch (request.headers['content-encoding'] ?? 'identity') {
    case 'identity':
      return request;
    case 'gzip': {
      const gunzip = createGunzip();
      request.once('error', (error) => gunzip.destroy(error));
      return request.pipe(gunzip);
    }
    default:
      throw refusal(415, 'A body is plain, or packed by gzip.');
  }
}

/** What the client sent wrong is no failure of ours. */
function readable(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_')) return refusal(400, 'The body is not what gzip makes. Send all of it again.');
  const isBroken =
    ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code) && !(error instanceof mongo.MongoError);
  return isBroken ? refusal(400, 'The request broke off. Send all of it again.') : error;
}

async function drained(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.destroyed) return;
  request.unpipe();
  request.resume();
  await finished(request, { writable: false }).catch(() => undefined);
}
