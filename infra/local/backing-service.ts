// The shape that MongoDB, Redis, RabbitMQ and nginx share, whatever they were found as.
import { composeService } from './docker-compose.ts';
import type { Installation } from './installation.ts';
import { Problem } from './problem.ts';
import type { Program } from './program.ts';
import { eventually } from './waiting.ts';

export interface BackingService {
  readonly name: string;
  /** How it was found: a variable's name, "Docker Compose", or the program's path. */
  readonly source: string;
  readonly url: string;
  /** Process number of a program that was started here and runs. */
  readonly pid: number | undefined;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Ends it the hard way; it stays down until `start`. */
  kill(): Promise<void>;
  /** Rejects where it can't be used, within a few seconds. */
  health(): Promise<void>;
}

export interface ServiceDescription {
  name: 'mongodb' | 'redis' | 'rabbitmq';
  /** The environment variable that names somebody's own. */
  variable: 'MONGODB_URI' | 'REDIS_URL' | 'AMQP_URL';
  installation: Installation;
  /** URL of one that runs in a container, with its published port. */
  containerUrl(port: number): string;
  health(url: string): Promise<void>;
  /** Finds or installs the program. */
  program(): Promise<{ program: Program; url: string; source: string }>;
}

/** Environment variable → Docker Compose → a program of our own. */
export async function resolveService(description: ServiceDescription): Promise<BackingService> {
  const { name, variable, installation, health } = description;
  if (installation.backing === 'any') {
    const given = installation.env[variable];
    if (given !== undefined && given !== '') return foreign({ name, variable, url: given, health });
    const container = await composeService(installation, name);
    if (container !== undefined) {
      const url = description.containerUrl(container.port);
      const ready = () => eventually(() => health(url), { timeoutMs: 60_000, intervalMs: 250 });
      return {
        name,
        source: 'Docker Compose',
        url,
        pid: undefined,
        start: async () => {
          await container.up();
          await ready();
        },
        stop: container.stop,
        kill: container.kill,
        health: () => health(url),
      };
    }
  }
  const { program, url, source } = await description.program();
  return {
    name,
    source,
    url,
    get pid() {
      return program.pid;
    },
    start: program.start,
    stop: program.stop,
    kill: program.kill,
    health: () => health(url),
  };
}

/** Somebody's own service: looked at, never started or stopped. */
function foreign(given: {
  name: string;
  variable: string;
  url: string;
  health(url: string): Promise<void>;
}): BackingService {
  const { name, variable, url, health } = given;
  const notOurs = () =>
    Promise.reject(
      new Error(`${name} comes from ${variable} and was not started here, so it isn't ended here`),
    );
  return {
    name,
    source: variable,
    url,
    pid: undefined,
    start: async () => {
      try {
        await eventually(() => health(url), { timeoutMs: 5000, intervalMs: 250 });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Problem(
          `${name} does not answer at the address in ${variable} (${why}). Correct ${variable}, or unset it to have one started.`,
        );
      }
    },
    stop: () => Promise.resolve(),
    kill: notOurs,
    health: () => health(url),
  };
}
