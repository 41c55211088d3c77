// No engine answers where these tests usually run: what is shown is what one would be asked, and that the file holds
// together. The CI workflow has Docker itself read the file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { composeService, removeContainers, removeContainersOf } from './docker-compose.ts';
import { writeProgram } from './testing/programs.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { root, temporaryInstallation } from './testing/temporary-installation.ts';

const service = z.object({
  image: z.string().regex(/:.+$/),
  ports: z.array(z.string()).min(1),
  volumes: z.array(z.string()),
  healthcheck: z.object({ test: z.array(z.string()) }),
});
const text = readFileSync(join(root, 'docker', 'compose.backing.yml'), 'utf8');
const file = z
  .object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.null()) })
  .parse(parse(text));

describe('the compose file', () => {
  it('has the three services, each pinned, checked and with a volume of its own', () => {
    expect(Object.keys(file.services)).toEqual(['mongodb', 'redis', 'rabbitmq']);
    const mounted = Object.values(file.services).flatMap(({ volumes }) =>
      volumes.map((entry) => entry.split(':')[0]),
    );
    expect(mounted).toEqual(Object.keys(file.volumes));
  });

  it('publishes on this machine alone', () => {
    for (const { ports } of Object.values(file.services)) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it('has no password and no default for one', () => {
    const passwords = [...text.matchAll(/\$\{(\w*PASSWORD)([^}]*)\}/g)].map(([, name, rest]) => [name, rest]);
    expect(new Set(passwords.map(([name]) => name))).toEqual(
      new Set(['REDIS_PASSWORD', 'RABBITMQ_PASSWORD']),
    );
    expect(passwords.every(([, rest]) => rest === ':?')).toBe(true);
  });
});

/** A program called docker that writes down what it is asked. */
function dockerThat(script: string) {
  const folder = temporaryFolder();
  const log = join(folder, 'calls');
  writeProgram(join(folder, 'docker'), `echo "$* [$REDIS_PORT $REDIS_PASSWORD]" >> ${log}\n${script}`);
  const calls = () =>
    readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('compose --'));
  return { env: { PATH: `${folder}:/usr/bin:/bin` }, calls };
}

describe('a backing service in a container', () => {
  it('is not taken where there is no docker, or no engine answers', async () => {
    const installation = await temporaryInstallation();
    expect(
      await composeService({ ...installation, env: { PATH: temporaryFolder() } }, 'redis'),
    ).toBeUndefined();
    const { env } = dockerThat('exit 1');
    expect(await composeService({ ...installation, env }, 'redis')).toBeUndefined();
  });

  it('is started, waited for and ended under the installation’s own project, with its own password', async () => {
    const installation = await temporaryInstallation({ backing: 'any' });
    const { env, calls } = dockerThat('exit 0');
    const container = await composeService({ ...installation, env }, 'redis');
    await container?.up();
    await container?.stop();
    await container?.kill();
    await removeContainers({ ...installation, env });
    await removeContainers({ ...installation, env, backing: 'own' });
    const [up, stop, kill, down, ...more] = calls();
    const project = /--project-name (supergraph-[\da-f]{10}) /.exec(up ?? '')?.[1];
    const port = await installation.ports.of('redis');
    expect(container?.port).toBe(port);
    const prefix = `compose --project-name ${project} --file ${join(root, 'docker', 'compose.backing.yml')}`;
    const suffix = `[${port} ${installation.secrets.redisPassword}]`;
    expect([up, stop, kill, down]).toEqual([
      `${prefix} up --detach --wait redis ${suffix}`,
      `${prefix} stop --timeout 20 redis ${suffix}`,
      `${prefix} kill --signal KILL redis ${suffix}`,
      `${prefix} down --volumes --timeout 5 ${suffix}`,
    ]);
    expect(more).toEqual([]);
    await removeContainersOf(installation.dataDir, env);
    expect(calls().at(-1)).toContain(`compose --project-name ${project} down --volumes`);
    await removeContainersOf(installation.dataDir, { PATH: temporaryFolder() });
  });

  it('that does not start says so in Docker’s words', async () => {
    const installation = await temporaryInstallation();
    const { env } = dockerThat('case "$*" in *up*) echo "pull access denied" >&2; exit 1;; esac');
    const container = await composeService({ ...installation, env }, 'redis');
    await expect(container?.up()).rejects.toThrow(
      'docker compose up --detach --wait redis failed:\npull access denied',
    );
  });
});
