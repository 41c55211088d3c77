// npm start: the whole platform in the foreground.
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildClient, clients } from './client-build.ts';
import type { CommandContext } from './command-line.ts';
import { demoAccountsFile, seedDemo } from './demo.ts';
import { removeContainers } from './docker-compose.ts';
import { apps, titles } from './environment.ts';
import { DamagedState } from './files.ts';
import { type InstallationOptions, openInstallation } from './installation.ts';
import { Problem } from './problem.ts';
import { type Progress, showProgress } from './progress.ts';
import { composeSchema } from './schema-pipeline.ts';
import { type Stack, startStack } from './stack.ts';
import { table } from './table.ts';

const help = `npm start [-- --fresh]

Starts the whole platform in the foreground: backing services, schema, explorer, console, subgraphs, gateway, nginx
and the demo data. Ctrl-C stops all of it. Data and logs stay in .data/.

  --fresh   wipes .data/ first
  --help    this text

Environment:
  PUBLIC_PORT      8080               http
  PUBLIC_TLS_PORT  PUBLIC_PORT + 363  https (8443 unless told), with a certificate by .data/tls/ca.pem
  MONGODB_URI, REDIS_URL, AMQP_URL   use these instead of starting one
  SMTP_URL, MAIL_FROM   send mails by this server instead of catching them
  DNS_SERVERS, TENANT_TARGET_NETWORKS   where tenants' domains and identity providers are (subgraphs/arthemiz)
  LOG_LEVEL, OTEL_EXPORTER_OTLP_ENDPOINT   passed on to every process
  NO_COLOR         no colours
`;

/** A crash stays visible for that long, to people and to the checks that watch the platform. */
const restartDelayMs = 5000;

export interface StartOptions extends CommandContext {
  root: string;
  /** Default `.data` of the checkout. */
  dataDir?: string;
}

/** Starts, waits for the signal, stops. @returns the exit code. */
export async function start({ root, args, env, signal, output, ...options }: StartOptions): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { fresh: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    output.write(help);
    return 0;
  }
  const began = performance.now();
  const dataDir = resolve(options.dataDir ?? join(root, '.data'));
  const progress = showProgress(output, env);
  // At once: what is starting takes seconds to end.
  signal.addEventListener('abort', () => progress.say('Stopping… Ctrl-C again kills what is left.'), {
    once: true,
  });
  const publicPort = portOf(env, 'PUBLIC_PORT', 8080);
  const publicTlsPort = portOf(env, 'PUBLIC_TLS_PORT', publicPort + (publicPort < 65_000 ? 363 : -363));
  if (publicPort === publicTlsPort) {
    throw new Problem(`PUBLIC_PORT and PUBLIC_TLS_PORT are both ${publicPort}; give each its own.`);
  }
  if (values.fresh === true) await wipe({ root, dataDir, env, progress });

  const stack = await startStack({
    root,
    dataDir,
    publicPort,
    publicTlsPort,
    env,
    backing: 'any',
    catchesMail: true,
    restart: { delayMs: restartDelayMs },
    progress,
    signal,
    prepare: () =>
      Promise.all([
        progress.task('schema', () => composeSchema(root)),
        ...clients.map((client) => progress.task(client, () => buildClient(root, client, env))),
      ]),
  });
  try {
    await progress.task('demo data', () => seedDemo({ root, dataDir, env: stack.env.arthemiz }));
    signal.throwIfAborted();
    output.write(`\n${overview(stack)}\n\nready in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
    await aborted(signal);
    return 0;
  } finally {
    await progress.task('stopping everything', () => stack.stop());
  }
}

/** Removes an installation's data, after ending what it left running. What is not data of a platform stays. */
async function wipe(
  given: Pick<StartOptions, 'root' | 'env'> & { dataDir: string; progress: Progress },
): Promise<void> {
  const { dataDir, env, progress } = given;
  const url = () => 'it wipes its data';
  const [installation, release] = await openDamaged({ ...given, restart: 'never', backing: 'any', url });
  try {
    await removeContainers(installation);
    const parts = ['mongodb', 'redis', 'rabbitmq', 'nginx', 'logs', 'tls', 'ports.json', 'runtime.json'];
    for (const part of parts) rmSync(join(dataDir, part), { recursive: true, force: true });
    if (env.MONGODB_URI) {
      // Its accounts and signing keys are of no use without the passwords and the key that belong to them.
      progress.say('MONGODB_URI names a MongoDB of your own: its data, and the secrets for it, stay.');
      return;
    }
    rmSync(join(dataDir, 'secrets.json'), { force: true });
    rmSync(demoAccountsFile(dataDir), { force: true });
  } finally {
    release();
  }
}

/** Opens an installation that is to be wiped: what is damaged of it goes first. */
async function openDamaged(options: InstallationOptions): ReturnType<typeof openInstallation> {
  for (;;) {
    try {
      return await openInstallation(options);
    } catch (error) {
      if (!(error instanceof DamagedState)) throw error;
      options.progress.say(`Removing ${error.file}, which is damaged.`);
      rmSync(error.file);
    }
  }
}

function overview(stack: Stack): string {
  const { origin, tlsOrigin, dataDir, services, processes, mailUrl, started } = stack;
  const own = Object.values(services).map(
    ({ name, source, pid }) =>
      `${titles[name as keyof typeof titles]} (${pid === undefined ? source : `process ${pid}`})`,
  );
  return table([
    ['URL', 'what it is'],
    [`${origin}/explorer`, 'explorer: sign in, query, subscribe'],
    [`${origin}/console`, 'console: your account, people, roles and keys of your tenant'],
    [`${origin}/graphql`, 'GraphQL over HTTP, WebSocket (graphql-transport-ws) and SSE'],
    [`${origin}/auth`, 'OpenID provider'],
    [`${origin}/health/ready`, 'readiness; /health/live is liveness'],
    [tlsOrigin, `the same with TLS; trust ${join(dataDir, 'tls', 'ca.pem')}`],
    ...apps
      .filter((app) => started.includes(app))
      .map((app) => [processes[app].url, `${titles[app]}, not public (process ${processes[app].pid})`]),
    ...(mailUrl === null ? [] : [[mailUrl, 'mails that the platform would have sent']]),
    ['backing services', own.join(', ')],
    ['demo accounts', `${demoAccountsFile(dataDir)}; a token: npm run -s token -- owner@acme.test`],
    ['logs', join(dataDir, 'logs')],
    ['processes', `${join(dataDir, 'processes.json')}; the numbers above change with every restart`],
  ]);
}

function portOf(env: StartOptions['env'], name: string, fallback: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Problem(`${name} must be a port number (1 to 65535), not "${text}".`);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  // A pending promise alone doesn't keep a process alive when every backing service is somebody else's.
  const alive = setInterval(() => undefined, 60_000);
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        clearInterval(alive);
        resolve();
      },
      { once: true },
    );
  });
}
