import { closeSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { BackingService } from './backing-service.ts';
import { type Installation, inheritedEnvironment } from './installation.ts';
import { loopbackAddresses } from './ports.ts';
import { openLog, ownProgram } from './program.ts';
import { demandProgram } from './programs.ts';
import { render } from './template.ts';
import { openTls } from './tls.ts';

export interface EdgeOptions {
  publicPort: number;
  publicTlsPort: number;
  /** host:port */
  gatewayAddress: string;
  arthemizAddress: string;
  systemhealthAddress: string;
  /** Folders of the built clients. */
  explorerPath: string;
  consolePath: string;
  limits?: Partial<EdgeLimits>;
}

/** Per client address. */
export interface EdgeLimits {
  graphqlRate: string;
  graphqlBurst: number;
  authRate: string;
  authBurst: number;
  connections: number;
}

const developmentLimits: EdgeLimits = {
  graphqlRate: '200r/s',
  graphqlBurst: 400,
  authRate: '10r/s',
  authBurst: 40,
  connections: 2000,
};

/** nginx as the public edge: on PATH or installed; the same template as everywhere (infra/nginx). */
export async function nginx(installation: Installation, edge: EdgeOptions): Promise<BackingService> {
  const { dataDir, env, ports, progress } = installation;
  const file = await demandProgram(installation, {
    title: 'nginx',
    names: ['nginx', '/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'],
    debianPackage: 'nginx-light',
    advice: 'Install it (Debian: apt install nginx-light; macOS: brew install nginx).',
  });
  const healthAddress = `127.0.0.1:${await ports.of('nginx-health')}`;
  const url = `http://${healthAddress}/nginx-health`;
  const folder = join(dataDir, 'nginx');
  const logs = join(dataDir, 'logs');
  const program = ownProgram({
    ...installation,
    name: 'nginx',
    tell: progress.say,
    // SIGQUIT lets workers finish what they serve.
    stopSignal: 'SIGQUIT',
    probe: () => demandOk(url),
    async launch() {
      mkdirSync(folder, { recursive: true });
      const accessLog = join(logs, 'nginx-access.log');
      // nginx appends to a log that is there, and would make its own readable by everybody.
      closeSync(openLog(accessLog));
      const { certificate, key } = await openTls(dataDir);
      const limits = { ...developmentLimits, ...edge.limits };
      const config = render(
        readFileSync(join(installation.root, 'infra', 'nginx', 'nginx.conf.template'), 'utf8'),
        {
          // Workers of a root master change to another user, who could not read a checkout in root's home.
          USER_DIRECTIVE: process.getuid?.() === 0 ? `user ${userInfo().username};` : '',
          WORKER_PROCESSES: 1,
          RUN_PATH: folder,
          ERROR_LOG: 'stderr',
          ACCESS_LOG: accessLog,
          GRAPHQL_RATE: limits.graphqlRate,
          GRAPHQL_BURST: limits.graphqlBurst,
          AUTH_RATE: limits.authRate,
          AUTH_BURST: limits.authBurst,
          CONNECTIONS_PER_CLIENT: limits.connections,
          GATEWAY_ADDRESS: edge.gatewayAddress,
          ARTHEMIZ_ADDRESS: edge.arthemizAddress,
          SYSTEMHEALTH_ADDRESS: edge.systemhealthAddress,
          EXPLORER_PATH: edge.explorerPath,
          CONSOLE_PATH: edge.consolePath,
          TLS_CERTIFICATE: certificate,
          TLS_KEY: key,
          // Browsers apply it to every port of a name: http://localhost:8080 would become https and fail. 0 forgets it.
          STRICT_TRANSPORT_SECURITY: 'max-age=0',
          LISTEN: listen(edge, ''),
          LISTEN_DEFAULT: listen(edge, ' default_server'),
          SERVER_NAMES: 'localhost 127.0.0.1 [::1]',
          HEALTH_ADDRESS: healthAddress,
        },
      );
      const configFile = join(folder, 'nginx.conf');
      writeFileSync(configFile, config);
      return {
        file,
        args: ['-p', folder, '-c', configFile, '-e', 'stderr'],
        env: inheritedEnvironment(env),
        cwd: folder,
        tie: 'none',
      };
    },
  });
  return {
    name: 'nginx',
    source: file,
    url,
    get pid() {
      return program.pid;
    },
    start: program.start,
    stop: program.stop,
    kill: program.kill,
    health: () => demandOk(url),
  };
}

/** In development the edge listens on this machine alone. */
function listen({ publicPort, publicTlsPort }: EdgeOptions, flag: string): string {
  return loopbackAddresses()
    .map((address) => (address.includes(':') ? `[${address}]` : address))
    .flatMap((address) => [
      `listen ${address}:${publicPort}${flag};`,
      `listen ${address}:${publicTlsPort} ssl http2${flag};`,
    ])
    .join('\n    ');
}

/** Rejects where the URL doesn't answer 200 within two seconds. */
export async function demandOk(url: string): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await answer.body?.cancel();
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}`);
}
