// Fairness between tenants, on the real scheduler: a thousand checks whose targets never answer, beside ten of another
// tenant.

import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { ended, listening } from '../testing/listening.ts';
import { type Copy, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { startTarget, type Target } from '../testing/target.ts';
import { phaseOf } from './rules.ts';

let silent: Server;
const sockets = new Set<Socket>();
let target: Target;
let platform: TestPlatform;
let copy: Copy;

beforeAll(async () => {
  target = await startTarget();
  silent = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  platform = await testPlatform([], { TENANT_TARGET_NETWORKS: '["127.0.0.1/32"]' });
  copy = await platform.start();
}, 480_000);
afterAll(async () => {
  await platform.stop();
  await target.stop();
  for (const socket of sockets) socket.destroy();
  await ended(silent);
}, 480_000);

const intervalMs = 10_000;

async function makeChecks(
  tenantId: string,
  count: number,
  { url, timeoutMs }: { url: string; timeoutMs: number },
) {
  const createdAt = new Date();
  const rows = Array.from({ length: count }, (_, index) => ({
    ...{ serviceId: 'svc_x', name: `Check ${index}`, kind: 'HTTP' as const, target: `${url}/${index}` },
    ...{ intervalMs, timeoutMs, downAfterMs: 0, upAfterMs: 0, createdAt, dueAt: createdAt },
    ...{ status: 'UNKNOWN' as const, statusSince: createdAt },
  }));
  await inTenant(tenantId, () => copy.service.models.Check.insertMany(rows));
}

it('a tenant’s thousand checks that time out don’t delay another’s ten', async () => {
  const url = `http://127.0.0.1:${await listening(silent)}`;
  // All due at once, and each takes all of its interval.
  await makeChecks('ten_big', 1_000, { url, timeoutMs: intervalMs });
  await eventually(() => sockets.size > 300);
  await makeChecks('ten_small', 10, { url: target.url, timeoutMs: 5_000 });
  const results = await eventually(
    async () => {
      const found = await inTenant('ten_small', () => copy.service.models.Result.find().lean());
      return found.length >= 30 && found;
    },
    { timeoutMs: 120_000 },
  );
  // The first run of each came as it was made and not by its grid.
  const seen = new Set<string>();
  const regular = results
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .filter(({ meta }) => seen.size === seen.add(meta?.checkId ?? '').size)
    .map(({ at, meta }) => (at.getTime() - phaseOf(meta?.checkId ?? '', intervalMs)) % intervalMs)
    .sort((a, b) => a - b);
  expect(regular.length).toBeGreaterThanOrEqual(20);
  expect(results.every(({ isSuccess }) => isSuccess)).toBe(true);
  // Far above what it takes (see the bench), far below what waiting for a slot would: machines of tests are slow.
  expect(regular.at(-1)).toBeLessThan(3_000);
}, 480_000);
