// Hive Gateway by its own command line, with nothing on.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnvironment } from '../../local/installation.ts';
import { demandAnswer } from './apollo-gateway.ts';
import type { Contestant, Stage } from './contestant.ts';
import { startNode } from './ours.ts';

/**
 * - `plain`: its defaults, which share identical fetches under way
 * - `jit`: compiled documents, which its documentation recommends for speed
 * - `rust`: planning and execution by Hive Router's planner, compiled for Node
 * - `sharing`: jit, and one execution for identical requests under way, whoever asks
 * - `unshared`: jit, and not even identical fetches shared, as it must be where each viewer sees something else
 */
export type HiveGatewayVariant = 'plain' | 'jit' | 'rust' | 'sharing' | 'unshared';

const flags: Record<HiveGatewayVariant, readonly string[]> = {
  plain: [],
  jit: ['--jit'],
  rust: ['--hive-router-runtime'],
  sharing: ['--jit'],
  unshared: ['--jit'],
};

export async function startHiveGateway(
  { root, folder, port, supergraphs, env }: Stage,
  { peers, variant }: { peers: string; variant: HiveGatewayVariant },
): Promise<Contestant> {
  const name = `hive-${variant}`;
  const config = join(folder, `${name}.mjs`);
  const settings = {
    inboundInflightRequestDeduplication: variant === 'sharing',
    ...(variant === 'unshared'
      ? { transportEntries: { '*.http': { options: { deduplicateInflightRequests: false } } } }
      : {}),
  };
  writeFileSync(config, `export const gatewayConfig = ${JSON.stringify(settings)};\n`);
  const url = `http://127.0.0.1:${port}/graphql`;
  const process = startNode({
    name,
    imports: [],
    script: join(peers, 'node_modules', '@graphql-hive', 'gateway', 'dist', 'bin.js'),
    args: [
      ...[
        'supergraph',
        supergraphs.open,
        '--config-path',
        config,
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
      ],
      ...['--fork', '1', ...flags[variant]],
    ],
    env: { ...inheritedEnvironment(env), NODE_ENV: 'production', LOG_LEVEL: 'warn' },
    root,
    folder,
  });
  await process.until(() => demandAnswer(url));
  return {
    title: variant === 'plain' ? 'Hive Gateway' : `Hive Gateway, ${variant}`,
    url,
    process,
    knowsViewers: false,
  };
}
