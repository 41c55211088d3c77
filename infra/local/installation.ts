import { chmodSync, mkdirSync, statfsSync } from 'node:fs';
import { resolve } from 'node:path';
import { endAbandoned, noteRunning } from './abandoned.ts';
import { announce, takeLock } from './lock.ts';
import { type Ownership, openOwnership } from './ownership.ts';
import { openPorts, type Ports } from './ports.ts';
import { Problem } from './problem.ts';
import type { RestartPolicy } from './program.ts';
import type { Progress } from './progress.ts';
import { openSecrets, type Secrets } from './secrets.ts';

/** What the parts of one installation (a checkout's `.data/`, or a test run's folder) share. */
export interface Installation {
  /** The checkout. */
  root: string;
  dataDir: string;
  /** The environment of the starter: service URLs, PATH, proxies. */
  env: Record<string, string | undefined>;
  secrets: Secrets;
  ports: Ports;
  ownership: Ownership;
  progress: Progress;
  restart: RestartPolicy;
  /**
   * `any`: a service may be somebody else's (its environment variable) or a container. `own`: only programs started
   * here, so that a test may break them.
   */
  backing: 'any' | 'own';
}

export type InstallationOptions = Pick<
  Installation,
  'root' | 'dataDir' | 'env' | 'progress' | 'restart' | 'backing'
> & {
  /** What a second starter is told about this one, known once ports are. */
  url(ports: Ports): Promise<string> | string;
};

/** Less than that, and MongoDB and RabbitMQ stop working soon. */
const neededBytes = 500_000_000;

/**
 * Takes the data folder for this process and ends what an earlier holder left running.
 * @returns the installation and the function that gives the folder back.
 * @throws Problem when another living process holds it, or the disk is full.
 */
export async function openInstallation(options: InstallationOptions): Promise<[Installation, () => void]> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  // Databases and logs in it are readable by all; the folder itself keeps other users out.
  chmodSync(dataDir, 0o700);
  demandSpace(dataDir);
  const ports = openPorts(dataDir);
  const release = await takeLock(dataDir);
  try {
    const ended = await endAbandoned(options.env);
    const strike = noteRunning(dataDir, options.env);
    const ownership = openOwnership(dataDir);
    ended.push(...(await ownership.endSurvivors()));
    if (ended.length > 0) options.progress.say(`Ended what an earlier run left behind: ${ended.join(', ')}.`);
    const { root, env, progress, restart, backing } = options;
    const secrets = await openSecrets(dataDir);
    // Only now: a port that a survivor had is free again.
    announce(dataDir, await options.url(ports));
    const giveBack = () => {
      strike();
      release();
    };
    return [{ root, dataDir, env, secrets, ports, ownership, progress, restart, backing }, giveBack];
  } catch (error) {
    release();
    throw error;
  }
}

/** @throws Problem where the disk has too little room. */
function demandSpace(folder: string, needed = neededBytes): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= needed) return;
  const megabytes = (bytes: number) => `${Math.floor(bytes / 1_000_000)} MB`;
  throw new Problem(
    `Only ${megabytes(free)} are free on the disk of ${folder}; ${megabytes(needed)} are needed. Free some space and start again.`,
  );
}

/** The environment that a program of ours inherits: what it needs to run at all, and nothing that is the starter's. */
export function inheritedEnvironment(env: Installation['env']): Record<string, string> {
  const names = /^(PATH|HOME|USER|LOGNAME|LANG|LC_.*|TZ|TMPDIR|SSL_CERT_.*|NODE_EXTRA_CA_CERTS|SystemRoot)$/;
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      names.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}
