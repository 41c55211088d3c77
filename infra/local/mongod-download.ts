// Real mongod, downloaded once per user.
import { join } from 'node:path';
import { inTime } from '@supergraph/chassis/deadline';
import { z } from 'zod';
import { cacheDir } from './cache.ts';
import { readHint, writeState } from './files.ts';
import type { Installation } from './installation.ts';

const version = '8.2.6';
const reachDeadlineMs = 4000;
const downloadDeadlineMs = 10 * 60_000;
/** A refusal is remembered that long, so that the next start doesn't wait for it again. */
const refusalMs = 60_000;

/** The downloaded mongod's path; undefined where it can't be had from here. */
export async function downloadMongod({
  env,
  progress,
}: Pick<Installation, 'env' | 'progress'>): Promise<string | undefined> {
  const folder = join(cacheDir(env), 'mongodb');
  const refusal = join(folder, 'refused.json');
  const refusedAt = readHint(refusal, z.object({ at: z.number() }))?.at ?? 0;
  const { DryMongoBinary, MongoBinary } = await loadDownloader();
  const options = { version, downloadDir: folder, checkMD5: false };
  const cached = await DryMongoBinary.locateBinary({ ...options, systemBinary: undefined }).catch(
    () => undefined,
  );
  if (cached !== undefined) return cached;
  if (Date.now() - refusedAt < refusalMs) return undefined;
  try {
    await demandReachable(env);
    return await progress.task(`downloading mongod ${version}`, () =>
      inTime(MongoBinary.getPath(options), {
        deadlineMs: downloadDeadlineMs,
        otherwise() {
          throw new Error('The download of mongod took too long.');
        },
      }),
    );
  } catch {
    writeState(refusal, { at: Date.now() });
    return undefined;
  }
}

/** Fails fast where the network refuses; the library's own retries take minutes. A proxy is the library's matter. */
async function demandReachable(env: Installation['env']): Promise<void> {
  if (env.https_proxy ?? env.HTTPS_PROXY ?? env.http_proxy ?? env.HTTP_PROXY) return;
  const answer = await fetch('https://fastdl.mongodb.org/', {
    method: 'HEAD',
    signal: AbortSignal.timeout(reachDeadlineMs),
  });
  if (answer.status >= 500 || answer.status === 407) throw new Error(`refused with ${answer.status}`);
}

/** Loaded only where it's needed: its import looks at the environment and the system. */
async function loadDownloader() {
  const { DryMongoBinary } = await import('mongodb-memory-server-core/lib/util/DryMongoBinary.js');
  const { MongoBinary } = await import('mongodb-memory-server-core/lib/util/MongoBinary.js');
  return { DryMongoBinary, MongoBinary };
}
