// How arthemiz.v1.Access is asked: a server that says what the test tells it to.

import { type handleUnaryCall, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@supergraph/chassis/logging';
import { createMetrics } from '@supergraph/chassis/metrics';
import { createOutgoing } from '@supergraph/chassis/outgoing';
import {
  AccessService,
  type ResolvePermissionsRequest,
  type ResolvePermissionsResponse,
} from '@supergraph/chassis/proto/arthemiz/v1/access.generated';
import { eventually } from '@supergraph/chassis/testing';
import { type Access, openAccess } from './access.ts';

type Answer = handleUnaryCall<ResolvePermissionsRequest, ResolvePermissionsResponse>;

let server: Server;
let access: Access;
let answer: Answer;
let asked: Parameters<Answer>[0][];
beforeEach(async () => {
  asked = [];
  server = new Server();
  const resolvePermissions: Answer = (call, callback) => {
    asked.push(call);
    answer(call, callback);
  };
  server.addService(AccessService, { resolvePermissions });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const logger = createLogger({ service: 'test', level: 'silent' });
  access = openAccess({
    address: `127.0.0.1:${port}`,
    mintPassport: async ({ permissions }, audience) => [audience, ...permissions].join(' '),
    outgoing: createOutgoing({ metrics: createMetrics('test'), logger }),
  });
});
afterEach(() => {
  access.close();
  server.forceShutdown();
});

const subject = { tenantId: 'ten_acme', subject: 'per_olivia' };
const known: Answer = (call, callback) =>
  callback(null, {
    standings: call.request.subjects
      .map((each) => ({
        ...each,
        roles: ['owner'],
        permissions: ['role:write'],
        version: 1,
        asOf: new Date(),
      }))
      .reverse(),
  });
const fails =
  (code: status): Answer =>
  (_, callback) =>
    callback({ code });

describe('a question', () => {
  it('shows the gateway’s passport, says how long it waits, and is answered in its own order', async () => {
    answer = known;
    const other = { tenantId: 'ten_acme', subject: 'per_otis' };
    const standings = await access.standingsOf([subject, other]);
    expect(standings).toMatchObject([{ ...subject, roles: ['owner'] }, other]);
    const [call] = asked;
    expect(call?.metadata.get('passport')).toEqual(['arthemiz grant:read']);
    const waitsMs = Number(call?.getDeadline()) - Date.now();
    expect(waitsMs).toBeGreaterThan(1_000);
    expect(waitsMs).toBeLessThanOrEqual(2_000);
  });

  it('is asked again when it failed', async () => {
    answer = (...call) => (asked.length < 3 ? fails(status.UNAVAILABLE)(...call) : known(...call));
    expect(await access.standingsOf([subject])).toMatchObject([subject]);
    expect(asked).toHaveLength(3);
  });

  it('is not asked again when it was refused', async () => {
    answer = fails(status.PERMISSION_DENIED);
    await expect(access.standingsOf([subject])).rejects.toMatchObject({ code: status.PERMISSION_DENIED });
    expect(asked).toHaveLength(1);
  });

  it('is given up in time, and taken back', async () => {
    let isTakenBack: (value: unknown) => void = () => undefined;
    const takenBack = new Promise((resolve) => {
      isTakenBack = resolve;
    });
    answer = (call) => void call.on('cancelled', isTakenBack);
    const startedAt = performance.now();
    await expect(access.standingsOf([subject])).rejects.toMatchObject({ name: 'OutgoingError' });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    await takenBack;
  });

  it('is not asked while arthemiz keeps failing, until one finds it back', async () => {
    answer = fails(status.UNAVAILABLE);
    for (let turn = 0; turn < 3; turn += 1) await expect(access.standingsOf([subject])).rejects.toThrow();
    const before = asked.length;
    await expect(access.standingsOf([subject])).rejects.toMatchObject({ outcome: 'rejected' });
    expect(asked).toHaveLength(before);
    answer = known;
    expect(await eventually(() => access.standingsOf([subject]))).toMatchObject([subject]);
  });
});
