// Sign-ins by password, as people do: the pages, the form, the code and its tokens.
import { randomBytes } from 'node:crypto';
import { createPasswordHasher } from '../../../subgraphs/arthemiz/src/passwords/hashing.ts';
import type { PrivatePlatform } from '../../local/private-platform.ts';
import { signIn } from '../../local/sign-in.ts';
import type { MeasuredProcess } from '../measured-process.ts';

export interface LoginFigures {
  perSecond: number;
  /** Processor time of arthemiz for one, and of its hash alone. */
  cpuMs: number;
  hashCpuMs: number;
  hashShare: number;
}

const email = 'owner@acme.test';
/** Fewer than an address may have under way before it waits. */
const atOnce = 4;

export async function measureLogins(
  { platform, process: server }: { platform: PrivatePlatform; process: MeasuredProcess },
  { seconds }: { seconds: number },
): Promise<LoginFigures> {
  const { origin } = platform.stack;
  const given = { origin, email, password: platform.passwordOf(email) };
  const hashCpuMs = await cpuMsOfHash();
  const cpuBefore = server.cpuSeconds();
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  let logins = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < endsAt) {
        await signIn(given);
        logins += 1;
      }
    }),
  );
  const tookSeconds = (performance.now() - startedAt) / 1_000;
  const cpuMs = ((server.cpuSeconds() - cpuBefore) * 1_000) / logins;
  return { perSecond: logins / tookSeconds, cpuMs, hashCpuMs, hashShare: hashCpuMs / cpuMs };
}

async function cpuMsOfHash(): Promise<number> {
  const { hash, verify } = createPasswordHasher({ concurrency: 1 });
  const password = randomBytes(16).toString('hex');
  const known = await hash(password);
  const times = 20;
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) await verify(password, known);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / times;
}
