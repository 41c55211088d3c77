// Bad days: the services that the scheduler itself leans on go away.
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import {
  type InterruptibleProxy,
  startInterruptibleProxy,
} from '../../../chassis/src/testing/interruptible-proxy.ts';
import { operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { startTarget, type Target } from '../testing/target.ts';

const viewer = operatorOf('ten_a');
const opened: Array<{ stop(): Promise<void> }> = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.stop();
});

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
}

async function behindProxy(
  name: 'MONGODB_URI' | 'REDIS_URL' | 'AMQP_URL',
  kind: 'MONGODB' | 'REDIS' | 'RABBITMQ',
): Promise<{ proxy: InterruptibleProxy; platform: TestPlatform; target: Target }> {
  const proxy = await startInterruptibleProxy(variable(name));
  const target = await startTarget();
  const platform = await testPlatform(
    [
      { slug: 'backing', name: 'Backing', kind, url: proxy.url },
      { slug: 'web', name: 'Web', kind: 'HTTP', url: `${target.url}/web` },
    ],
    // Alerts look for nothing meanwhile: a transaction of theirs that the cut leaves open would hold up who comes after it.
    { [name]: proxy.url, ALERT_POLL_MS: '60000' },
  );
  opened.push(proxy, target, platform);
  return { proxy, platform, target };
}

describe('while MongoDB is away', () => {
  it('its outage is remembered, and told with its return', async () => {
    const { proxy, platform, target } = await behindProxy('MONGODB_URI', 'MONGODB');
    const copy = await platform.start();
    await platform.createTenant(copy, 'ten_a');
    const upOf = '{ services { nodes { name status } } }';
    await eventually(async () => {
      const { data } = await platform.execute(copy, { query: upOf, viewer });
      return data.services.nodes.every(({ status }: { status: string }) => status === 'UP');
    });
    const watch = await platform.watch(copy, {
      viewer,
      selection: 'previousStatus status message occurredAt service { name }',
    });
    const cutAt = Date.now();
    await proxy.cut();
    const asked = target.seen.requests;
    const failures = async () => {
      const metrics = await copy.service.metrics.metrics();
      if (!/systemhealth_platform_up\{.*slug="backing".*\} 0/.test(metrics)) return 0;
      return Number(
        /systemhealth_probe_duration_seconds_count\{.*kind="MONGODB".*\} (\d+)/.exec(metrics)?.[1],
      );
    };
    const first = await eventually(async () => (await failures()) || false);
    await eventually(async () => (await failures()) > first + 6);
    // The other parts are watched on.
    await eventually(() => target.seen.requests > asked + 5);
    await proxy.restore();
    const restoredAt = Date.now();
    const down = await watch.next();
    expect(down).toMatchObject({ previousStatus: 'UP', status: 'DOWN', service: { name: 'Backing' } });
    expect(Date.parse(down.occurredAt)).toBeGreaterThan(cutAt);
    expect(Date.parse(down.occurredAt)).toBeLessThan(restoredAt);
    expect(await watch.next()).toMatchObject({
      previousStatus: 'DOWN',
      status: 'UP',
      service: { name: 'Backing' },
    });
  });
});

describe('while Redis is away', () => {
  it('checks go on and their changes are recorded; they are told, in order, with its return', async () => {
    const { proxy, platform, target } = await behindProxy('REDIS_URL', 'REDIS');
    const copy = await platform.start();
    const watch = await platform.watch(copy, { viewer, selection: 'status service { name }' });
    await platform.createTenant(copy, 'ten_a');
    const query = '{ services { nodes { name events(first: 5) { nodes { status } } } } }';
    const historyOf = async (service: string): Promise<string[]> => {
      const { data } = await platform.execute(copy, { query, viewer });
      const found = data.services.nodes.find(({ name }: { name: string }) => name === service);
      return found.events.nodes.map(({ status }: { status: string }) => status);
    };
    const told = async (count: number) => {
      const events = [];
      while (events.length < count) events.push(await watch.next());
      return events.map(({ service, status }) => `${service.name} ${status}`);
    };
    expect((await told(2)).sort()).toEqual(['Backing UP', 'Web UP']);
    await proxy.cut();
    await eventually(async () => (await historyOf('Backing'))[0] === 'DOWN');
    await target.stop();
    await eventually(async () => (await historyOf('Web'))[0] === 'DOWN');
    await proxy.restore();
    expect(await told(3)).toEqual(['Backing DOWN', 'Web DOWN', 'Backing UP']);
  });
});

describe('while RabbitMQ is away', () => {
  it('subscribers are told at once, and the events wait for its return', async () => {
    const { proxy, platform } = await behindProxy('AMQP_URL', 'RABBITMQ');
    const copy = await platform.start();
    const watch = await platform.watch(copy, { viewer, selection: 'status service { name }' });
    await platform.createTenant(copy, 'ten_a');
    const nextOf = async (status: string) => {
      for (;;) {
        const event = await watch.next();
        if (event.service.name === 'Backing' && event.status === status) return;
      }
    };
    await nextOf('UP');
    await proxy.cut();
    await nextOf('DOWN');
    const waiting = () => copy.service.connection.collection('outbox').countDocuments({ publishedAt: null });
    expect(await waiting()).toBeGreaterThan(0);
    await proxy.restore();
    await nextOf('UP');
    await eventually(async () => (await waiting()) === 0, { timeoutMs: 60_000 });
  });
});
