import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inTime } from '@supergraph/chassis/deadline';
import { Connection } from 'rabbitmq-client';
import { type BackingService, resolveService } from './backing-service.ts';
import { findProgram } from './commands.ts';
import { type Installation, inheritedEnvironment } from './installation.ts';
import { Problem } from './problem.ts';
import { ownProgram, type Program } from './program.ts';
import { demandProgram } from './programs.ts';
import { canConnect } from './tcp.ts';

const user = 'platform';

/** RabbitMQ of this installation: AMQP_URL → Docker Compose → rabbitmq-server of our own with its own epmd. */
export function rabbitmq(installation: Installation): Promise<BackingService> {
  const { ports, secrets } = installation;
  const url = (port: number) => `amqp://${user}:${secrets.rabbitmqPassword}@127.0.0.1:${port}`;

  return resolveService({
    name: 'rabbitmq',
    variable: 'AMQP_URL',
    installation,
    containerUrl: url,
    health: openAmqp,
    async program() {
      const server = await demandProgram(installation, {
        title: 'RabbitMQ',
        // Debian's wrapper in /usr/sbin changes user and folder; the script behind it is what can run for us alone.
        names: [
          '/usr/lib/rabbitmq/bin/rabbitmq-server',
          'rabbitmq-server',
          '/opt/homebrew/sbin/rabbitmq-server',
        ],
        debianPackage: 'rabbitmq-server',
        advice:
          'Install it (Debian: apt install rabbitmq-server; macOS: brew install rabbitmq), or set AMQP_URL.',
      });
      const epmd = await portMapper(installation);
      const port = await ports.of('rabbitmq');
      const broker = ownProgram({
        ...installation,
        name: 'rabbitmq',
        tell: installation.progress.say,
        startDeadlineMs: 120_000,
        graceMs: 30_000,
        probe: async () => {
          await canConnect(port);
          await openAmqp(url(port));
        },
        launch: () => brokerLaunch(installation, { server, port }),
      });
      return { program: withPortMapper(broker, epmd), url: url(port), source: server };
    },
  });
}

/** Where the management API of the broker at `amqpUrl` is, credentials included; of one that was given nobody knows unless told. */
export async function managementUrl(
  { env, ports }: Pick<Installation, 'env' | 'ports'>,
  amqpUrl: string,
): Promise<string | undefined> {
  if (env.RABBITMQ_MANAGEMENT_URL) return env.RABBITMQ_MANAGEMENT_URL;
  if (env.AMQP_URL) return undefined;
  const { username, password } = new URL(amqpUrl);
  return `http://${username}:${password}@127.0.0.1:${await ports.of('rabbitmq-management')}/`;
}

/** Erlang's port mapper, in the foreground and ours: one that Erlang starts by itself would outlive everything. */
async function portMapper(installation: Installation): Promise<Program> {
  const { dataDir, env, ports, progress } = installation;
  const file = findProgram(
    ['epmd', '/usr/lib/erlang/bin/epmd', '/opt/homebrew/opt/erlang/lib/erlang/bin/epmd'],
    env.PATH,
  );
  if (file === undefined)
    throw new Problem('epmd, a part of Erlang, is missing. Reinstall RabbitMQ, or set AMQP_URL.');
  const port = await ports.of('epmd');
  return ownProgram({
    ...installation,
    name: 'epmd',
    tell: progress.say,
    probe: () => canConnect(port),
    launch: () => ({
      file,
      args: ['-port', String(port), '-address', '127.0.0.1'],
      env: inheritedEnvironment(env),
      cwd: dataDir,
      tie: 'none',
    }),
  });
}

/** The broker needs its mapper while it starts, and the mapper goes last. */
function withPortMapper(broker: Program, epmd: Program): Program {
  return {
    name: broker.name,
    logFile: broker.logFile,
    get pid() {
      return broker.pid;
    },
    async start() {
      await epmd.start();
      await broker.start();
    },
    async stop() {
      await broker.stop();
      await epmd.stop();
    },
    async kill() {
      await broker.kill();
      await epmd.kill();
    },
  };
}

async function brokerLaunch(installation: Installation, { server, port }: { server: string; port: number }) {
  const { dataDir, env, ports, secrets } = installation;
  const folder = join(dataDir, 'rabbitmq');
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  const config = join(folder, 'rabbitmq.conf');
  const plugins = join(folder, 'enabled_plugins');
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${await ports.of('rabbitmq-management')}`,
    `default_user = ${user}`,
    `default_pass = ${secrets.rabbitmqPassword}`,
    'disk_free_limit.absolute = 200MB',
    'log.console = true',
    'log.console.level = info',
    'log.file = false',
  ];
  writeFileSync(config, `${lines.join('\n')}\n`, { mode: 0o600 });
  writeFileSync(plugins, '[rabbitmq_management].\n');
  writeFileSync(join(folder, 'rabbitmq-env.conf'), '');
  return {
    file: server,
    args: [],
    cwd: folder,
    tie: 'none' as const,
    env: {
      ...inheritedEnvironment(env),
      PATH: `${dirname(server)}:${env.PATH ?? ''}`,
      HOME: home,
      // The script then becomes the Erlang VM, so that the process we know is the broker.
      RUNNING_UNDER_SYSTEMD: '1',
      RABBITMQ_NODENAME: 'supergraph@localhost',
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_CONFIG_FILE: config,
      RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
      RABBITMQ_CONF_ENV_FILE: join(folder, 'rabbitmq-env.conf'),
      RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'generated'),
      RABBITMQ_DIST_PORT: String(await ports.of('rabbitmq-distribution')),
      // Idle schedulers would spin (sbwt); the distribution port is for this machine alone.
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
        '+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1} -start_epmd false',
      ERL_EPMD_PORT: String(await ports.of('epmd')),
      ERL_EPMD_ADDRESS: '127.0.0.1',
    },
  };
}

/** Rejects where the broker doesn't accept an AMQP connection within five seconds. */
async function openAmqp(url: string): Promise<void> {
  const connection = new Connection({
    url,
    connectionName: 'health',
    connectionTimeout: 4000,
    retryHigh: 60_000,
    retryLow: 60_000,
  });
  try {
    const opened = new Promise<void>((resolve, reject) => {
      connection.once('connection', resolve);
      connection.on('error', reject);
    });
    await inTime(opened, {
      deadlineMs: 5000,
      otherwise() {
        throw new Error('RabbitMQ did not take a connection within 5 s.');
      },
    });
  } finally {
    await connection.close().catch(() => undefined);
  }
}
