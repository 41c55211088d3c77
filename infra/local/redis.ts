import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type BackingService, resolveService } from './backing-service.ts';
import { type Installation, inheritedEnvironment } from './installation.ts';
import { ownProgram } from './program.ts';
import { demandProgram } from './programs.ts';

/** Redis of this installation: REDIS_URL → Docker Compose → redis-server of our own (append-only file, own password). */
export function redis(installation: Installation): Promise<BackingService> {
  const { dataDir, ports, secrets, env } = installation;
  const url = (port: number) => `redis://:${secrets.redisPassword}@127.0.0.1:${port}`;

  return resolveService({
    name: 'redis',
    variable: 'REDIS_URL',
    installation,
    containerUrl: url,
    health: pingRedis,
    async program() {
      const file = await demandProgram(installation, {
        title: 'Redis',
        names: ['redis-server', 'valkey-server'],
        debianPackage: 'redis-server',
        advice: 'Install it (Debian: apt install redis-server; macOS: brew install redis), or set REDIS_URL.',
      });
      const port = await ports.of('redis');
      const folder = join(dataDir, 'redis');
      const program = ownProgram({
        ...installation,
        name: 'redis',
        tell: installation.progress.say,
        probe: () => pingRedis(url(port)),
        launch() {
          mkdirSync(folder, { recursive: true });
          const config = join(folder, 'redis.conf');
          // A file, because every user can read a command line.
          writeFileSync(config, configuration({ port, folder, password: secrets.redisPassword }), {
            mode: 0o600,
          });
          return { file, args: [config], env: inheritedEnvironment(env), cwd: folder, tie: 'none' };
        },
      });
      return { program, url: url(port), source: file };
    },
  });
}

function configuration({
  port,
  folder,
  password,
}: {
  port: number;
  folder: string;
  password: string;
}): string {
  return `${[
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir "${folder}"`,
    'daemonize no',
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory 512mb',
    'maxmemory-policy noeviction',
  ].join('\n')}\n`;
}

/** Rejects where Redis doesn't answer a PING within two seconds. */
async function pingRedis(url: string): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 2000,
    commandTimeout: 2000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // The rejection of connect() or ping() tells; without a listener the same error would be printed as unhandled.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
  } finally {
    client.disconnect();
  }
}
