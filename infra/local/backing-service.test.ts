import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { mongodb } from './mongodb.ts';
import { isFree } from './ports.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { writeProgram } from './testing/programs.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { isolatedEnv, temporaryInstallation } from './testing/temporary-installation.ts';

const redisServer = 'redis-server';

/** A `docker` whose engine "runs" a service by starting the program of this machine. */
function engine(): string {
  const folder = temporaryFolder();
  const pid = join(folder, 'pid');
  writeProgram(
    join(folder, 'docker'),
    `case "$*" in
      *" up "*) ${redisServer} --port "$REDIS_PORT" --requirepass "$REDIS_PASSWORD" --save '' --dir ${folder} --daemonize yes --pidfile ${pid} >/dev/null;;
      *" stop "*|*" kill "*) p=$(cat ${pid}); kill $p; while kill -0 $p 2>/dev/null; do sleep 0.02; done;;
    esac`,
  );
  return folder;
}

describe('a backing service is found', () => {
  it('first by its variable, and somebody’s own is neither started nor ended', async () => {
    const url = process.env.REDIS_URL ?? '';
    const env = {
      ...isolatedEnv(temporaryFolder()),
      PATH: `${engine()}:${process.env.PATH}`,
      REDIS_URL: url,
    };
    const service = await redis(await temporaryInstallation({ backing: 'any', env }));
    expect(service).toMatchObject({ name: 'redis', source: 'REDIS_URL', url, pid: undefined });
    await service.start();
    await service.health();
    await service.stop();
    await expect(service.kill()).rejects.toThrow('redis comes from REDIS_URL and was not started here');
    await service.health();
  });

  it('then by Docker Compose, where an engine answers', async () => {
    const env = { ...isolatedEnv(temporaryFolder()), PATH: `${engine()}:${process.env.PATH}`, REDIS_URL: '' };
    const service = await redis(await temporaryInstallation({ backing: 'any', env }));
    expect(service).toMatchObject({ source: 'Docker Compose', pid: undefined });
    await service.start();
    await service.health();
    await service.stop();
    await expect(service.health()).rejects.toThrow();
    await service.start();
    await service.kill();
  });

  it('then as a program, started for this installation alone', async () => {
    const env = { ...isolatedEnv(temporaryFolder()), REDIS_URL: process.env.REDIS_URL };
    const service = await redis(await temporaryInstallation({ env }));
    expect(service.source).toMatch(/\/(redis|valkey)-server$/);
  });

  it('or not at all, and then there is advice', async () => {
    const installation = await temporaryInstallation({ env: { PATH: temporaryFolder() } });
    await expect(redis(installation)).rejects.toThrow(
      'Redis is missing: there is no redis-server on PATH. Install it (Debian: apt install redis-server; macOS: brew install redis), or set REDIS_URL.',
    );
  });
});

describe('somebody’s own that does not answer', () => {
  it.each([
    ['MONGODB_URI', mongodb, 'mongodb://127.0.0.1:9/?directConnection=true&serverSelectionTimeoutMS=100'],
    ['REDIS_URL', redis, 'redis://127.0.0.1:9'],
    ['AMQP_URL', rabbitmq, 'amqp://127.0.0.1:9'],
  ] as const)(
    'is reported by the name of %s',
    async (variable, find, url) => {
      const installation = await temporaryInstallation({
        backing: 'any',
        env: { [variable]: url, PATH: '' },
      });
      const service = await find(installation);
      await expect(service.health()).rejects.toThrow();
      if (variable !== 'REDIS_URL') return;
      await expect(service.start()).rejects.toThrow(
        /^redis does not answer at the address in REDIS_URL \(.*\)\. Correct REDIS_URL, or unset it to have one started\.$/,
      );
    },
    30_000,
  );
});

describe('Redis of our own', () => {
  it('has its own port, data and password, and keeps what it was told through a kill -9', async () => {
    const installation = await temporaryInstallation();
    const service = await redis(installation);
    await service.start();
    const { port, password } = new URL(service.url);
    expect(Number(port)).toBe(await installation.ports.of('redis'));
    const config = join(installation.dataDir, 'redis', 'redis.conf');
    expect(statSync(config).mode & 0o777).toBe(0o600);
    expect(installation.ownership.list()[0]?.command).not.toContain(password);
    const stranger = new Redis({ port: Number(port), retryStrategy: () => null });
    stranger.on('error', () => undefined);
    await expect(stranger.ping()).rejects.toThrow('NOAUTH');
    stranger.disconnect();

    const client = new Redis(service.url, { retryStrategy: () => null });
    client.on('error', () => undefined);
    await client.set('kept', 'yes');
    await client.call('WAITAOF', '1', '0', '0').catch(() => client.bgrewriteaof());
    await service.kill();
    expect(service.pid).toBeUndefined();
    await expect(service.health()).rejects.toThrow();
    await service.start();
    const again = new Redis(service.url);
    expect(await again.get('kept')).toBe('yes');
    await again.quit();
    await service.stop();
    expect(await isFree(Number(port))).toBe(true);
    expect(readFileSync(join(installation.dataDir, 'logs', 'redis.log'), 'utf8')).toContain(
      'Ready to accept',
    );
  });
});
