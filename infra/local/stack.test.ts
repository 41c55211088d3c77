// A starter of its own is killed with -9, and this process starts the same platform again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { isGroupLeft, isSameProcess } from './identity.ts';
import { holderOf } from './lock.ts';
import type { OwnedProcess } from './ownership.ts';
import { isFree } from './ports.ts';
import type { Progress } from './progress.ts';
import { readRuntime } from './runtime.ts';
import { type Stack, startStack } from './stack.ts';
import { temporaryCheckout } from './testing/checkout.ts';
import { atTheEnd, temporaryFolder } from './testing/temporary-folder.ts';
import { isolatedEnv, root } from './testing/temporary-installation.ts';

const folder = temporaryFolder();
const dataDir = join(folder, 'data');
const env = isolatedEnv(folder);
const checkout = temporaryCheckout();
const owned = () => JSON.parse(readFileSync(join(dataDir, 'processes.json'), 'utf8')) as OwnedProcess[];
const isLeft = ({ pid, identity }: OwnedProcess) =>
  isSameProcess(pid, identity) || isGroupLeft(pid, identity);

let starter: ChildProcess;
let said = '';
beforeAll(async () => {
  const file = join(folder, 'starter.mts');
  const options = { root: checkout, dataDir, publicPort: 0, apps: [], env };
  writeFileSync(
    file,
    `import { startStack } from ${JSON.stringify(join(import.meta.dirname, 'stack.ts'))};
     const stack = await startStack(${JSON.stringify(options)});
     console.log(JSON.stringify({ origin: stack.origin, mongodb: stack.services.mongodb.url, redis: stack.services.redis.url }));`,
  );
  starter = spawn(process.execPath, ['--import', 'tsx', file], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (starter.stdout === null) throw new Error('no output');
  said = String((await once(createInterface(starter.stdout), 'line'))[0]);
}, 480_000);

let stack: Stack | undefined;
atTheEnd(async () => {
  await stack?.stop();
  starter.kill('SIGKILL');
});

const titlesOf = (titles: string[]): Progress => ({
  task: (title, work) => {
    titles.push(title);
    return work();
  },
  say: (text) => void titles.push(text),
});

describe('a platform whose starter was killed with -9', () => {
  const survivors: OwnedProcess[] = [];

  it('runs on for a moment, by a list on the disk; its folder can’t be taken before that', async () => {
    expect(
      owned()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['epmd', 'mongodb', 'nginx', 'rabbitmq', 'redis']);
    expect(holderOf(dataDir)?.pid).toBe(starter.pid);
    await expect(startStack({ root: checkout, dataDir, publicPort: 0, apps: [], env })).rejects.toThrow(
      `It is running already: process ${starter.pid}, http://localhost:`,
    );
    const { mongodb, redis } = JSON.parse(said) as Record<string, string>;
    const client = await new MongoClient(mongodb ?? '').connect();
    await client.db('kept').collection<{ _id: string }>('things').insertOne({ _id: 'a' });
    await client.close();
    const cache = new Redis(redis ?? '');
    await cache.set('kept', 'yes');
    await cache.quit();
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    survivors.push(...owned());
    const names = survivors.filter(isLeft).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['epmd', 'nginx', 'rabbitmq', 'redis']));
    expect(readRuntime(dataDir)).toBeUndefined();
  });

  it('is ended by the next start, to the last worker, and comes back with its ports and data', async () => {
    const titles: string[] = [];
    stack = await startStack({
      root: checkout,
      dataDir,
      publicPort: 0,
      apps: [],
      env,
      progress: titlesOf(titles),
    });
    expect(survivors.filter(isLeft)).toEqual([]);
    expect(titles[0]).toMatch(/^Ended what an earlier run left behind: nginx, .*epmd/);
    const before = JSON.parse(said) as Record<string, string>;
    expect({
      origin: stack.origin,
      mongodb: stack.services.mongodb.url,
      redis: stack.services.redis.url,
    }).toEqual(before);
    const client = await new MongoClient(stack.services.mongodb.url).connect();
    expect(await client.db('kept').collection('things').countDocuments()).toBe(1);
    await client.close();
    const cache = new Redis(stack.services.redis.url);
    expect(await cache.get('kept')).toBe('yes');
    await cache.quit();
    expect(readRuntime(dataDir)).toMatchObject({ pid: process.pid, origin: stack.origin });
  }, 480_000);

  it('answers at every part of it, and one that is killed is missed', async () => {
    if (stack === undefined) throw new Error('no stack');
    const { services, origin } = stack;
    for (const service of Object.values(services)) await service.health();
    expect((await fetch(`${origin}/`, { redirect: 'manual' })).status).toBe(302);
    for (const service of [services.mongodb, services.nginx]) {
      await service.kill();
      await expect(service.health()).rejects.toThrow();
      await service.start();
      await service.health();
    }
  });

  it('is stopped from the edge down, the port mapper last, and nothing is left', async () => {
    if (stack === undefined) throw new Error('no stack');
    const parts = owned();
    const order: string[] = [];
    const watching = setInterval(() => {
      for (const part of parts) if (!order.includes(part.name) && !isLeft(part)) order.push(part.name);
    }, 5);
    const [first, second] = [stack.stop(), stack.stop()];
    expect(first).toBe(second);
    await first;
    clearInterval(watching);
    expect(parts.filter(isLeft)).toEqual([]);
    expect(owned()).toEqual([]);
    expect(order[0]).toBe('nginx');
    expect(order.indexOf('epmd') === -1 || order.indexOf('epmd') > order.indexOf('rabbitmq')).toBe(true);
    expect(holderOf(dataDir)).toBeUndefined();
    expect(await isFree(Number(new URL(stack.origin).port))).toBe(true);
    stack = undefined;
  });
});

describe('a start that can’t go on', () => {
  const given = {
    ...env,
    MONGODB_URI: process.env.MONGODB_URI,
    REDIS_URL: process.env.REDIS_URL,
    AMQP_URL: process.env.AMQP_URL,
  };
  const quick = () => ({
    root: checkout,
    dataDir: join(temporaryFolder(), 'data'),
    publicPort: 0,
    apps: [],
    env: given,
    backing: 'any' as const,
  });

  it('because what it needs beside the services fails, ends what it began and says why', async () => {
    const options = { ...quick(), prepare: () => Promise.reject(new Error('the schema does not compose')) };
    await expect(startStack(options)).rejects.toThrow('the schema does not compose');
    expect(holderOf(options.dataDir)).toBeUndefined();
  });

  it('because it was told to stop, leaves nothing', async () => {
    const controller = new AbortController();
    const options = {
      ...quick(),
      signal: controller.signal,
      prepare: async () => controller.abort(new Error('SIGINT')),
    };
    await expect(startStack(options)).rejects.toThrow('SIGINT');
    expect(holderOf(options.dataDir)).toBeUndefined();
    await expect(startStack(options)).rejects.toThrow('SIGINT');
  });

  it('because its port is taken, says by whom', async () => {
    const running = await startStack(quick());
    const publicPort = Number(new URL(running.origin).port);
    const blocked = quick();
    await expect(startStack({ ...blocked, publicPort })).rejects.toThrow(
      new RegExp(
        `Port ${publicPort} is in use by nginx \\(process \\d+\\)\\. Stop that, or choose another: PUBLIC_PORT=${publicPort + 1000}`,
      ),
    );
    expect(holderOf(blocked.dataDir)).toBeUndefined();
    await running.stop();
  });
});
