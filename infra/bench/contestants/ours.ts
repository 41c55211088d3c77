// Our gateway as `npm start` starts it: authentication, permissions, limits and metrics on.
import { join } from 'node:path';
import { youngGeneration } from '../../local/processes.ts';
import { type MeasuredProcess, startProcess } from '../measured-process.ts';
import { roomyLimits } from '../roomy-limits.ts';
import type { Contestant, Stage } from './contestant.ts';

export interface OurGateway {
  /** Environment of the gateway's process, complete but for its port and its supergraph. */
  gatewayEnv: Record<string, string>;
  subgraphUrls: Readonly<Record<string, string>>;
  /** Its file. */
  supergraph: string;
}

export async function startOurs(
  { root, folder, port }: Pick<Stage, 'root' | 'folder' | 'port'>,
  { gatewayEnv, subgraphUrls, supergraph }: OurGateway,
): Promise<Contestant> {
  const url = `http://127.0.0.1:${port}`;
  const process = startNode({
    name: 'ours',
    // The second listens for the benchmark's wishes, such as a profile, and does nothing unless asked.
    imports: ['tsx', join(root, 'infra', 'bench', 'observed-process.ts')],
    script: join(root, 'gateway', 'src', 'main.ts'),
    env: {
      ...gatewayEnv,
      NODE_ENV: 'production',
      LOG_LEVEL: 'warn',
      RATE_LIMITS: roomyLimits,
      // Its lists have no page sizes.
      MAXIMUM_COST: '1000000',
      PORT: String(port),
      SUPERGRAPH_FILE: supergraph,
      SUBGRAPH_URLS: JSON.stringify(subgraphUrls),
    },
    root,
    folder,
  });
  await process.until(async () => (await fetch(`${url}/health/ready`)).status === 200);
  return { title: 'ours', url: `${url}/graphql`, process, knowsViewers: true };
}

interface NodeProcess extends Pick<Stage, 'root' | 'folder'> {
  name: string;
  imports: readonly string[];
  script: string;
  args?: readonly string[];
  env: Record<string, string | undefined>;
}

/** A gateway on Node. They all get the same flags. */
export function startNode(options: NodeProcess): MeasuredProcess {
  const { name, imports, script, args = [], env, root, folder } = options;
  return startProcess({
    name,
    file: process.execPath,
    args: [...youngGeneration, ...imports.flatMap((module) => ['--import', module]), script, ...args],
    env,
    cwd: root,
    core: 0,
    folder,
  });
}
