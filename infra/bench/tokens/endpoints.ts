// The token endpoints that are measured: arthemiz' as `npm start` runs it, and a bare oidc-provider's. Each has core 0 to
// itself while it is asked; the database and who asks share core 1.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readDemoAccounts } from '../../local/demo.ts';
import { openPorts } from '../../local/ports.ts';
import { type PrivatePlatform, root } from '../../local/private-platform.ts';
import { signIn } from '../../local/sign-in.ts';
import { startNode } from '../contestants/ours.ts';
import { type MeasuredProcess, nextMessage, startProcess } from '../measured-process.ts';
import { type TokenLoad, type TokenLoadResult, tokenLoadResultShape } from './load.ts';

/** What a token endpoint is asked for. */
export type Wanted = 'client credentials' | 'refresh';

export interface TokenEndpoint {
  title: string;
  url: string;
  process: MeasuredProcess;
  /** What its connections send first. */
  forms: Record<Wanted, TokenLoad['forms']>;
}

export interface Stage {
  platform: PrivatePlatform;
  folder: string;
  connections: number;
  /** What is to be stopped, the last first. */
  stops: (() => unknown)[];
}

/** @returns arthemiz first */
export async function startEndpoints(stage: Stage): Promise<[TokenEndpoint, TokenEndpoint]> {
  mkdirSync(stage.folder);
  return [await startOurs(stage), await startBare(stage)];
}

export function startLoad({ folder, stops }: Stage): (load: TokenLoad) => Promise<TokenLoadResult> {
  const loader = startProcess({
    name: 'load',
    file: process.execPath,
    args: ['--import', 'tsx', join(root, 'infra', 'bench', 'tokens', 'load-process.ts')],
    env: { ...process.env, NODE_ENV: 'production' },
    cwd: root,
    core: 1,
    folder,
  });
  stops.push(() => loader.stop());
  return async (load) => {
    const result = nextMessage(loader);
    loader.child.send(load);
    return tokenLoadResultShape.parse(await result);
  };
}

const person = 'owner@acme.test';

async function startOurs({ platform, folder, connections, stops }: Stage): Promise<TokenEndpoint> {
  const { env: envs, origin, dataDir } = platform.stack;
  const server = startNode({
    name: 'arthemiz',
    imports: ['tsx', join(root, 'infra', 'bench', 'observed-process.ts')],
    script: join(root, 'subgraphs', 'arthemiz', 'src', 'main.ts'),
    env: { ...envs.arthemiz, NODE_ENV: 'production' },
    root,
    folder,
  });
  stops.push(() => server.stop());
  const base = `http://127.0.0.1:${envs.arthemiz.PORT}`;
  await server.until(async () => (await fetch(`${base}/health/ready`)).status === 200);
  const robot = readDemoAccounts(dataDir)?.clients[0];
  if (robot === undefined) throw new Error('There is no demo service client.');
  const refreshing: TokenLoad['forms'] = [];
  // One by one: an address is slowed down after twenty sign-ins that are under way.
  for (let connection = 0; connection < connections; connection += 1) {
    const { refreshToken = '' } = await signIn({
      origin,
      email: person,
      password: platform.passwordOf(person),
    });
    refreshing.push(refreshForm('cli', refreshToken));
  }
  return {
    title: 'arthemiz',
    url: `${base}/auth/token`,
    process: server,
    forms: {
      'client credentials': robots(connections, { id: robot.clientId, secret: robot.clientSecret }),
      refresh: refreshing,
    },
  };
}

async function startBare({ folder, connections, stops }: Stage): Promise<TokenEndpoint> {
  const ports = join(folder, 'ports');
  mkdirSync(ports);
  const port = await openPorts(ports).of('bare');
  const server = startNode({
    name: 'bare-provider',
    imports: ['tsx'],
    script: join(root, 'infra', 'bench', 'tokens', 'bare-provider-main.ts'),
    env: { ...process.env, NODE_ENV: 'production', PORT: String(port), REFRESH_TOKENS: String(connections) },
    root,
    folder,
  });
  stops.push(() => server.stop());
  const refreshTokens = z.array(z.string()).parse(await nextMessage(server));
  return {
    title: 'bare oidc-provider',
    url: `http://127.0.0.1:${port}/token`,
    process: server,
    forms: {
      'client credentials': robots(connections, { id: 'robot', secret: 'secret' }),
      refresh: refreshTokens.map((token) => refreshForm('app', token)),
    },
  };
}

function robots(count: number, { id, secret }: { id: string; secret: string }): TokenLoad['forms'] {
  const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret };
  return Array.from({ length: count }, () => form);
}

const refreshForm = (client_id: string, refresh_token: string) => ({
  ...{ grant_type: 'refresh_token', client_id, refresh_token },
});
