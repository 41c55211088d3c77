// Access while Redis or MongoDB is away, and what is beside it on its port: health and reflection.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  type Client,
  credentials,
  loadPackageDefinition,
  makeGenericClientConstructor,
  type ServiceClientConstructor,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { backingUrl } from '@supergraph/chassis/testing/data-fixture';
import {
  type InterruptibleProxy,
  startInterruptibleProxy,
} from '@supergraph/chassis/testing/interruptible-proxy';
import { service as healthService } from 'grpc-health-check';
import { type AccessAsker, openAccess } from '../testing/access-client.ts';
import { type Fixture, startFixture } from '../testing/fixture.ts';

let proxy: InterruptibleProxy | null = null;
let fixture: Fixture | null = null;
let access: AccessAsker | null = null;
afterEach(async () => {
  access?.close();
  await proxy?.restore();
  await fixture?.stop();
  await proxy?.stop();
  proxy = null;
  fixture = null;
  access = null;
});

async function startBehindProxy(variable: 'MONGODB_URI' | 'REDIS_URL') {
  proxy = await startInterruptibleProxy(backingUrl(variable));
  fixture = await startFixture({ [variable]: proxy.url });
  access = openAccess(fixture);
  const tenant = await fixture.tenant();
  const person = await fixture.person({ tenants: [tenant], role: 'viewer' });
  const subjects = [{ tenantId: tenant._id, subject: person._id }];
  const current = access;
  const roles = async () => (await current.resolve(subjects))[0]?.roles;
  return { proxy, fixture, tenant, person, access: current, subjects, roles };
}

describe('while Redis is away', () => {
  it.each(['cut', 'frozen'])('answers come from MongoDB, and changes hold (%s)', async (how) => {
    const { proxy, fixture, tenant, person, roles } = await startBehindProxy('REDIS_URL');
    expect(await roles()).toEqual(['viewer']);
    if (how === 'cut') await proxy.cut();
    else proxy.freeze();
    expect(await roles()).toEqual(['viewer']);
    await fixture.join({ person, tenant, role: 'owner' });
    expect(await roles()).toEqual(['owner']);
    if (how === 'cut') await proxy.restore();
    else proxy.thaw();
    // What was kept before the outage is there again, and is of before the change.
    await eventually(
      async () => fixture.service.redis.status === 'ready' && (await fixture.service.redis.ping()),
    );
    expect(await roles()).toEqual(['owner']);
  });
});

describe('while MongoDB is away', () => {
  it('nothing is said that might be of before a change: try again', async () => {
    const { proxy, roles } = await startBehindProxy('MONGODB_URI');
    expect(await roles()).toEqual(['viewer']);
    await proxy.cut();
    await expect(roles()).rejects.toMatchObject({ code: status.UNAVAILABLE });
    await proxy.restore();
    expect(await eventually(roles)).toEqual(['viewer']);
  });

  it('a caller waits no longer than its deadline', async () => {
    const { proxy, access, subjects } = await startBehindProxy('MONGODB_URI');
    proxy.freeze();
    const startedAt = performance.now();
    const asked = access.resolve(subjects, { deadlineMs: 150 });
    await expect(asked).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    proxy.thaw();
  });
});

describe('beside it', () => {
  /** One answer of a unary call, or the first of a stream, of a service that no types were made for. */
  function call(client: Client, method: string, request: object): Promise<Record<string, unknown>> {
    const invoke: unknown = Reflect.get(client, method);
    if (typeof invoke !== 'function') throw new Error(`there is no ${method}`);
    return new Promise((resolve, reject) => {
      invoke.call(client, request, (error: ServiceError | null, answer: Record<string, unknown>) =>
        error === null ? resolve(answer) : reject(error),
      );
    });
  }

  it('health says that it serves', async () => {
    fixture = await startFixture();
    access = openAccess(fixture);
    const Health = makeGenericClientConstructor(healthService, 'grpc.health.v1.Health');
    const health = new Health(access.address, credentials.createInsecure());
    for (const service of ['', 'arthemiz.v1.Access'])
      expect(await call(health, 'check', { service })).toMatchObject({ status: 'SERVING' });
    await expect(call(health, 'check', { service: 'other' })).rejects.toMatchObject({
      code: status.NOT_FOUND,
    });
    health.close();
  });

  it('reflection describes what can be asked', async () => {
    fixture = await startFixture();
    access = openAccess(fixture);
    const folder = dirname(createRequire(import.meta.url).resolve('@grpc/reflection/package.json'));
    const described = loadSync(join(folder, 'build/proto/grpc/reflection/v1/reflection.proto'));
    const { ServerReflection } = Reflect.get(
      Reflect.get(Reflect.get(loadPackageDefinition(described), 'grpc'), 'reflection'),
      'v1',
    ) as { ServerReflection: ServiceClientConstructor }; // what the file says
    const reflection = new ServerReflection(access.address, credentials.createInsecure());
    const stream = Reflect.get(reflection, 'serverReflectionInfo').call(reflection);
    const answer = await new Promise<object>((resolve, reject) => {
      stream.on('data', resolve).on('error', reject);
      stream.write({ listServices: '' });
    });
    expect(answer).toMatchObject({
      listServicesResponse: { service: expect.arrayContaining([{ name: 'arthemiz.v1.Access' }]) },
    });
    stream.end();
    reflection.close();
  });
});
