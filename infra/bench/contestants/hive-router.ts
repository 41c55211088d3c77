// Hive Router (Rust): what a gateway that is not JavaScript does on the same core.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnvironment } from '../../local/installation.ts';
import { startProcess } from '../measured-process.ts';
import { demandAnswer } from './apollo-gateway.ts';
import type { Contestant, Stage } from './contestant.ts';

/**
 * - `plain`: its defaults, which share identical fetches under way, whoever asks
 * - `sharing`: and identical requests; the public benchmark turns it on
 * - `unshared`: neither, as it must be where each viewer sees something else
 */
export type HiveRouterVariant = 'plain' | 'sharing' | 'unshared';

export async function startHiveRouter(
  { folder, port, supergraphs, env }: Stage,
  { program, variant }: { program: string; variant: HiveRouterVariant },
): Promise<Contestant> {
  const name = `hive-router-${variant}`;
  const config = join(folder, `${name}.json`);
  const settings = {
    supergraph: { source: 'file', path: supergraphs.open },
    http: { host: '127.0.0.1', port },
    traffic_shaping: {
      router: { dedupe: { enabled: variant === 'sharing' } },
      all: { dedupe_enabled: variant !== 'unshared' },
    },
  };
  writeFileSync(config, JSON.stringify(settings));
  const url = `http://127.0.0.1:${port}/graphql`;
  const process = startProcess({
    name,
    file: program,
    args: [],
    env: {
      ...inheritedEnvironment(env),
      ROUTER_CONFIG_FILE_PATH: config,
      // As many as cores of its own.
      ROUTER_HTTP_WORKERS: '1',
      LOG_LEVEL: 'error',
    },
    cwd: folder,
    core: 0,
    folder,
  });
  await process.until(() => demandAnswer(url));
  return {
    title: variant === 'plain' ? 'Hive Router (Rust)' : `Hive Router (Rust), ${variant}`,
    url,
    process,
    knowsViewers: false,
  };
}
