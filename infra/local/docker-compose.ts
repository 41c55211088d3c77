// Backing services as containers, where a Docker engine answers.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type CommandResult, findProgram, runCommand } from './commands.ts';
import type { Installation } from './installation.ts';
import { Problem } from './problem.ts';

export interface ContainerService {
  /** The published port on loopback. */
  port: number;
  up(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** How long an engine may take to answer before it counts as absent. */
const engineDeadlineMs = 3000;
const imageDeadlineMs = 10 * 60_000;

/** The service of docker/compose.backing.yml; undefined where no engine answers. */
export async function composeService(
  installation: Installation,
  name: string,
): Promise<ContainerService | undefined> {
  const docker = findProgram(['docker'], installation.env.PATH);
  if (docker === undefined || !(await engineAnswers(docker, installation))) return undefined;
  const port = await installation.ports.of(name);
  const compose = async (...args: string[]) => {
    const result = await runCompose(docker, { installation, args });
    if (!result.ok) throw new Problem(`docker compose ${args.join(' ')} failed:\n${result.tail}`);
  };
  return {
    port,
    up: () => compose('up', '--detach', '--wait', name),
    stop: () => compose('stop', '--timeout', '20', name),
    kill: () => compose('kill', '--signal', 'KILL', name),
  };
}

/** Removes the installation's containers and their volumes, where an engine answers. */
export async function removeContainers(installation: Installation): Promise<void> {
  const docker = findProgram(['docker'], installation.env.PATH);
  if (installation.backing === 'own' || docker === undefined || !(await engineAnswers(docker, installation)))
    return;
  await runCompose(docker, { installation, args: ['down', '--volumes', '--timeout', '5'] });
}

/** Removes what a run that died left in containers; its folder may be all that is known of it. */
export async function removeContainersOf(dataDir: string, env: Installation['env']): Promise<void> {
  const docker = findProgram(['docker'], env.PATH);
  if (docker === undefined || !(await engineAnswers(docker, { env }))) return;
  const args = ['compose', '--project-name', projectOf(dataDir), 'down', '--volumes', '--timeout', '5'];
  await runCommand(docker, args, { env, timeoutMs: imageDeadlineMs });
}

/** The project's name is the folder's, so that two checkouts, or a test beside a start, never share a container. */
function projectOf(dataDir: string): string {
  return `supergraph-${createHash('sha256').update(dataDir).digest('hex').slice(0, 10)}`;
}

async function engineAnswers(docker: string, { env }: Pick<Installation, 'env'>): Promise<boolean> {
  const { ok } = await runCommand(docker, ['info', '--format', '{{.ServerVersion}}'], {
    env,
    timeoutMs: engineDeadlineMs,
  });
  return ok && (await runCommand(docker, ['compose', 'version'], { env, timeoutMs: engineDeadlineMs })).ok;
}

async function runCompose(
  docker: string,
  { installation, args }: { installation: Installation; args: readonly string[] },
): Promise<CommandResult> {
  const { root, dataDir, env, ports, secrets } = installation;
  const file = join(root, 'docker', 'compose.backing.yml');
  return runCommand(docker, ['compose', '--project-name', projectOf(dataDir), '--file', file, ...args], {
    env: {
      ...env,
      MONGODB_PORT: String(await ports.of('mongodb')),
      REDIS_PORT: String(await ports.of('redis')),
      REDIS_PASSWORD: secrets.redisPassword,
      AMQP_PORT: String(await ports.of('rabbitmq')),
      RABBITMQ_MANAGEMENT_PORT: String(await ports.of('rabbitmq-management')),
      RABBITMQ_PASSWORD: secrets.rabbitmqPassword,
    },
    timeoutMs: imageDeadlineMs,
  });
}
