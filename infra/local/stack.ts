// A whole private platform: backing services, subgraphs, gateway and edge, on its own ports and data.
import { join } from 'node:path';
import type { BackingService } from './backing-service.ts';
import {
  type Addresses,
  type App,
  apps,
  type Environment,
  environments,
  subgraphs,
  titles,
} from './environment.ts';
import { writeState } from './files.ts';
import { type Installation, openInstallation } from './installation.ts';
import { mailCatcher } from './mail-catcher.ts';
import { mongodb } from './mongodb.ts';
import { type EdgeLimits, nginx } from './nginx.ts';
import { demandFree, type Ports } from './ports.ts';
import { type AppProcess, appProcess, isThere } from './processes.ts';
import type { RestartPolicy } from './program.ts';
import { type Progress, silent } from './progress.ts';
import { managementUrl, rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { runtimeFile } from './runtime.ts';

export interface StackOptions {
  /** The checkout. */
  root: string;
  /** Where everything of this platform lies; made when missing. */
  dataDir: string;
  /** Port of the public origin; 0 takes any free one. */
  publicPort: number;
  /** Default: any free one. */
  publicTlsPort?: number;
  /** Environment of the starter. Default process.env. */
  env?: Record<string, string | undefined>;
  /** Where backing services may come from. Default `own`: programs of this stack alone, so that a test may break them. */
  backing?: Installation['backing'];
  /** What happens after a crash. Default `never`: a killed part stays down until its `start`. */
  restart?: RestartPolicy;
  /** Which of the platform's processes to start. Default all that are in the checkout. */
  apps?: readonly App[];
  /** Whether the platform's mails are caught, unless SMTP_URL names a mail server. Default no. */
  catchesMail?: boolean;
  /** Rate limits of the edge, where the development ones don't fit. */
  limits?: Partial<EdgeLimits>;
  progress?: Progress;
  /** Work that runs beside the start of the backing services and must be done before the gateway starts. */
  prepare?: () => Promise<unknown>;
  /** Ends the start, and what was started, when aborted. */
  signal?: AbortSignal;
}

export type BackingServiceName = 'mongodb' | 'redis' | 'rabbitmq' | 'nginx';

export interface Stack {
  /** http://localhost:PORT */
  origin: string;
  tlsOrigin: string;
  dataDir: string;
  /** Environment of each process, for a test that starts a second copy or a part in-process. */
  env: Record<App, Environment>;
  services: Record<BackingServiceName, BackingService>;
  /** Only those that were started are there to be used; the others throw when started. */
  processes: Record<App, AppProcess>;
  /** Where caught mails are read; null where none are caught. */
  mailUrl: string | null;
  /** Names of the processes that were started. */
  started: readonly App[];
  /** Stops everything in reverse order and gives the folder back. */
  stop(): Promise<void>;
}

export async function startStack(options: StackOptions): Promise<Stack> {
  const { root, env = process.env, progress = silent, signal } = options;
  const portOf = async (ports: Ports) => options.publicPort || (await ports.of('public'));
  const [installation, release] = await openInstallation({
    root,
    dataDir: options.dataDir,
    env,
    progress,
    restart: options.restart ?? 'never',
    backing: options.backing ?? 'own',
    url: async (ports) => originOf(await portOf(ports)),
  });
  const { dataDir, ports } = installation;
  const running: Running = [];
  const abort = () => void stopAll(running);

  try {
    signal?.throwIfAborted();
    signal?.addEventListener('abort', abort, { once: true });
    const publicPort = await portOf(ports);
    const publicTlsPort = options.publicTlsPort ?? (await ports.of('public-tls'));
    await demandFree(publicPort, 'PUBLIC_PORT');
    await demandFree(publicTlsPort, 'PUBLIC_TLS_PORT');
    const origin = originOf(publicPort);

    const begin = async (kind: Kind, part: Part, title: string) => {
      signal?.throwIfAborted();
      running.push({ kind, part });
      // A start that was told to stop has not succeeded, and is not shown as if it had.
      await progress.task(title, async () => {
        await part.start();
        signal?.throwIfAborted();
      });
    };
    const backingService = async (find: (installation: Installation) => Promise<BackingService>) => {
      const service = await find(installation);
      await begin('backing', service, titles[service.name as BackingServiceName]);
      return service;
    };
    const [mongo, cache, broker] = await allOrFirstError([
      backingService(mongodb),
      backingService(redis),
      backingService(rabbitmq),
      options.prepare?.(),
    ] as const);

    const wanted = options.apps ?? apps.filter((app) => isThere(root, app));
    // Nobody else sends mails.
    const catchesMail = options.catchesMail === true && wanted.includes('arthemiz') && !env.SMTP_URL;
    const catcher = catchesMail ? await mailCatcher(installation) : undefined;
    const addresses: Addresses = {
      origin,
      ...(catcher === undefined ? {} : { mail: catcher.smtpUrl }),
      tlsOrigin: `https://localhost:${publicTlsPort}`,
      mongodb: mongo.url,
      redis: cache.url,
      rabbitmq: broker.url,
      rabbitmqManagement: await managementUrl(installation, broker.url),
      nginxHealth: `http://127.0.0.1:${await ports.of('nginx-health')}/nginx-health`,
      appPorts: {
        arthemiz: await ports.of('arthemiz'),
        systemhealth: await ports.of('systemhealth'),
        sentinel: await ports.of('sentinel'),
        gateway: await ports.of('gateway'),
      },
      grpcPort: await ports.of('arthemiz-grpc'),
    };
    const envs = environments(installation, addresses);
    const edge = await nginx(installation, {
      publicPort,
      publicTlsPort,
      gatewayAddress: `127.0.0.1:${addresses.appPorts.gateway}`,
      arthemizAddress: `127.0.0.1:${addresses.appPorts.arthemiz}`,
      systemhealthAddress: `127.0.0.1:${addresses.appPorts.systemhealth}`,
      explorerPath: join(root, 'clients', 'explorer', 'dist'),
      consolePath: join(root, 'clients', 'console', 'dist'),
      limits: options.limits,
    });
    const processes = {
      arthemiz: appProcess(installation, 'arthemiz', envs.arthemiz),
      systemhealth: appProcess(installation, 'systemhealth', envs.systemhealth),
      sentinel: appProcess(installation, 'sentinel', envs.sentinel),
      gateway: appProcess(installation, 'gateway', envs.gateway),
    };
    await allOrFirstError([
      begin('edge', edge, titles.nginx),
      ...(catcher === undefined ? [] : [begin('backing', catcher, titles.mail)]),
      ...subgraphs
        .filter((app) => wanted.includes(app))
        .map((app) => begin('subgraph', processes[app], titles[app])),
    ]);
    if (wanted.includes('gateway')) await begin('gateway', processes.gateway, titles.gateway);

    writeState(runtimeFile(dataDir), { pid: process.pid, origin, tlsOrigin: addresses.tlsOrigin });
    let stopped: Promise<void> | undefined;
    const stop = async () => {
      await stopAll(running);
      release();
    };
    return {
      origin,
      tlsOrigin: addresses.tlsOrigin,
      dataDir,
      env: envs,
      services: { mongodb: mongo, redis: cache, rabbitmq: broker, nginx: edge },
      processes,
      mailUrl: catcher?.url ?? null,
      started: wanted,
      stop() {
        signal?.removeEventListener('abort', abort);
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    await stopAll(running);
    release();
    throw error;
  }
}

function originOf(port: number): string {
  return `http://localhost:${port}`;
}

type Kind = 'backing' | 'edge' | 'subgraph' | 'gateway';
type Part = Pick<BackingService, 'start' | 'stop'>;
type Running = { kind: Kind; part: Part }[];

/** The gateway first, so that it can finish what needs subgraphs; what all stand on goes last. */
async function stopAll(running: Running): Promise<void> {
  for (const kind of ['gateway', 'subgraph', 'edge', 'backing']) {
    const group = running.filter((entry) => entry.kind === kind);
    await Promise.allSettled(group.map(({ part }) => part.stop()));
  }
}

/** Waits for all, also when one fails: what has begun must be in the list of what is to be stopped. */
async function allOrFirstError<T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const outcomes = await Promise.allSettled(work);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return Promise.all(work);
}
