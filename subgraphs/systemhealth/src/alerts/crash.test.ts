// Copies are killed in the midst of their work: as one stores what it found, as its commit is under way, as it tells.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@supergraph/chassis/identifiers';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import mongoose from 'mongoose';
import {
  type InterruptibleProxy,
  startInterruptibleProxy,
} from '../../../chassis/src/testing/interruptible-proxy.ts';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { type Received, type Receiver, startReceiver } from '../testing/receiver.ts';

const tenantId = 'ten_crash';
const checkCount = 20;
const serviceCount = 10;
const main = fileURLToPath(new URL('../main.ts', import.meta.url));
// Where the machine has better things to do.
const patience = { timeoutMs: 90_000 };

let platform: TestPlatform;
let witness: Copy;
let proxy: InterruptibleProxy;
let receiver: Receiver;
/** Called for each command that a child sends to MongoDB. */
let onCommand: (command: string) => void = () => undefined;
const children: ChildProcess[] = [];
/** How the told alerts were stored at the moment at which they were told. */
const storedWhenTold: unknown[] = [];

beforeAll(async () => {
  receiver = await startReceiver({ witness: lookUp });
  platform = await testPlatform([], { TENANT_TARGET_NETWORKS: '["127.0.0.1/32"]' });
  proxy = await startInterruptibleProxy(platform.env.MONGODB_URI ?? '', {
    onSent: (bytes) => onCommand(bytes.toString('latin1')),
  });
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await proxy.stop();
  await platform.stop();
  await receiver.stop();
});

async function lookUp({ body }: Received): Promise<void> {
  for (const { id } of body.data.alerts) {
    const alert = await inTenant(tenantId, () => witness.service.models.Alert.findOne({ _id: id }).lean());
    storedWhenTold.push(alert?.state);
  }
}

/** A copy of its own process, whose commands to MongoDB are watched. */
function startChild(): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    env: { ...process.env, ...platform.env, MONGODB_URI: proxy.url, ALERT_POLL_MS: '10' },
    stdio: 'ignore',
  });
  children.push(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  await proxy.cut();
  proxy.thaw();
  await proxy.restore();
}

/** Starts a copy that is killed as soon as it has sent these commands, one after the other; the last arrives. */
async function killAfterSending(...commands: readonly RegExp[]): Promise<string> {
  const awaited = [...commands];
  const sent = new Promise<string>((resolve) => {
    onCommand = (command) => {
      if (awaited[0]?.test(command)) awaited.shift();
      if (awaited.length > 0) return;
      proxy.freeze();
      resolve(command);
    };
  });
  const child = startChild();
  const last = await sent;
  onCommand = () => undefined;
  await kill(child);
  return last;
}

/**
 * MongoDB gives up the transaction of a client that vanished after a minute (transactionLifetimeLimitSeconds), and until
 * then nobody else can write what it wrote. This is the end of that.
 */
async function endSessionOf(command: string): Promise<void> {
  // The session's UUID: after its name, the length and the subtype of a BSON binary.
  const id = /lsid\0.{4}.id\0.\0\0\0.(.{16})/s.exec(command)?.[1];
  if (id === undefined) throw new Error('There is no session in this command.');
  const session = { id: new mongoose.mongo.Binary(Buffer.from(id, 'latin1'), 4) };
  await witness.service.models.Alert.db.db?.admin().command({ killSessions: [session] });
}

async function ask(query: string, variables: object) {
  const answer = await platform.execute(witness, { query, variables, viewer: operatorOf(tenantId) });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
}

/** Checks that all went DOWN, of which no evaluation has heard yet. */
async function makeOutages(): Promise<void> {
  const { Check, HealthEvent } = witness.service.models;
  const at = new Date();
  const never = new Date(Date.now() + 86_400_000);
  const ids = Array.from({ length: checkCount }, () => newId('chk'));
  const serviceOf = (index: number) => `svc_${index % serviceCount}`;
  await Check.insertMany(
    ids.map((_id, index) => ({
      ...{ _id, serviceId: serviceOf(index), name: `Check ${index}`, kind: 'HTTP' },
      ...{ intervalMs: 60_000, timeoutMs: 1_000, downAfterMs: 0, upAfterMs: 0 },
      ...{ status: 'DOWN', statusSince: at, createdAt: at, dueAt: never, missingAt: never },
    })),
  );
  await HealthEvent.insertMany(
    ids.map((checkId, index) => ({
      ...{ checkId, serviceId: serviceOf(index), previousStatus: 'UP', status: 'DOWN', message: null },
      ...{ occurredAt: at, expiresAt: never },
    })),
  );
}

/** A copy that died while it told keeps its notifications from the others for 30 s; this is the end of that. */
async function endLeases(): Promise<void> {
  const now = new Date();
  const leased = { state: 'QUEUED', inFlightUntil: { $gt: now } } as const;
  const { Notification } = witness.service.models;
  await Notification.updateMany({ ...leased, dueAt: { $ne: null } }, { dueAt: now });
  await Notification.updateMany(leased, { inFlightUntil: now });
}

const storedCounts = async () => {
  const { Alert, Notification, HealthEvent } = witness.service.models;
  return [
    await Alert.countDocuments(),
    await Notification.countDocuments(),
    await HealthEvent.countDocuments({ isEvaluated: true }),
  ];
};

describe('a copy that is killed', () => {
  it('leaves all of an evaluation or nothing, and its successors tell each alert, under one id', async () => {
    // Looks for nothing itself while the test runs.
    witness = await platform.start({ ALERT_POLL_MS: '60000' });
    await platform.createTenant(witness, tenantId);
    const { Alert, AlertRule, Notification } = witness.service.models;
    await eventually(() => inTenant(tenantId, async () => (await AlertRule.countDocuments()) === 1));
    await ask(
      'mutation ($input: CreateNotificationChannelInput!) { createNotificationChannel(input: $input) { errors { message } } }',
      { input: { name: 'On call', kind: 'WEBHOOK', url: receiver.url } },
    );
    await inTenant(tenantId, makeOutages);

    const queueing = /insert\0.{4}notifications\0/s;
    await endSessionOf(await killAfterSending(queueing));
    expect(await inTenant(tenantId, storedCounts)).toEqual([0, 0, 0]);

    await killAfterSending(queueing, /commitTransaction/);
    await eventually(async () => {
      const counts = await inTenant(tenantId, storedCounts);
      expect(counts).toEqual([checkCount, checkCount, checkCount]);
    });
    expect(receiver.received).toEqual([]);

    receiver.fallSilent();
    const third = startChild();
    await eventually(() => receiver.received.length > 0, patience);
    await kill(third);
    await inTenant(tenantId, endLeases);
    receiver.answer(204);

    const last = startChild();
    await eventually(
      () =>
        inTenant(tenantId, async () => {
          expect(await Notification.countDocuments({ state: 'DELIVERED' })).toBe(checkCount);
        }),
      patience,
    );
    const exited = once(last, 'exit');
    last.kill('SIGTERM');
    await exited;

    const alerts = await inTenant(tenantId, () => Alert.find().lean());
    expect(alerts.map(({ state, sequence }) => [state, sequence])).toEqual(
      Array.from({ length: checkCount }, () => ['FIRING', 2]),
    );
    expect(new Set(alerts.map(({ fingerprint }) => fingerprint)).size).toBe(checkCount);
    expect(await inTenant(tenantId, () => Notification.countDocuments())).toBe(checkCount);
    // Who was told by the copy that died before it wrote that down is told again, under the same id.
    const idsOf = new Map<string, Set<unknown>>();
    for (const { body, headers } of receiver.received) {
      for (const { idempotencyKey } of body.data.alerts) {
        idsOf.set(idempotencyKey, (idsOf.get(idempotencyKey) ?? new Set()).add(headers['webhook-id']));
      }
    }
    expect([...idsOf.values()].map(({ size }) => size)).toEqual(Array.from({ length: checkCount }, () => 1));
    // Whatever was told was stored by then.
    expect(new Set(storedWhenTold)).toEqual(new Set(['FIRING']));
  }, 300_000);
});
