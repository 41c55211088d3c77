// Our gateway on a core of its own, before a platform that has none.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningSubgraph, startSubgraph } from '@supergraph/chassis/subgraph';
import { z } from 'zod';
import type { SystemHealth } from '../../subgraphs/systemhealth/src/context.ts';
import { definition as systemhealth } from '../../subgraphs/systemhealth/src/definition.ts';
import { root } from '../local/private-platform.ts';
import type { BenchmarkContext } from './benchmark.ts';
import type { Contestant } from './contestants/contestant.ts';
import { startOurs } from './contestants/ours.ts';
import { startQuietPlatform } from './quiet-platform.ts';

export interface LoneGateway {
  gateway: Contestant;
  /** A copy of SystemHealth in this process, to make changes with. */
  systemhealth: SystemHealth;
  /** For logs. */
  folder: string;
  stop(): Promise<void>;
}

/** @param env what the gateway's environment is to hold besides */
export async function startLoneGateway(
  context: BenchmarkContext,
  env: Record<string, string> = {},
): Promise<LoneGateway> {
  const platform = await startQuietPlatform({ ...context, apps: ['arthemiz', 'systemhealth', 'sentinel'] });
  const { env: envs, dataDir } = platform.stack;
  let copy: RunningSubgraph<SystemHealth> | undefined;
  try {
    copy = await startSubgraph(systemhealth, { ...envs.systemhealth, PORT: '0', LOG_LEVEL: 'silent' });
    const { service, stop: stopCopy } = copy;
    const folder = join(dataDir, 'bench');
    mkdirSync(folder);
    const { gateway: gatewayEnv } = envs;
    const gateway = await startOurs(
      { root, folder, port: Number(gatewayEnv.PORT) },
      {
        gatewayEnv: { ...gatewayEnv, ...env },
        subgraphUrls: urlsShape.parse(JSON.parse(gatewayEnv.SUBGRAPH_URLS ?? '{}')),
        supergraph: gatewayEnv.SUPERGRAPH_FILE ?? '',
      },
    );
    return {
      ...{ gateway, systemhealth: service, folder },
      async stop() {
        await gateway.process.stop();
        await stopCopy();
        await platform.stop();
      },
    };
  } catch (error) {
    await copy?.stop();
    await platform.stop();
    throw error;
  }
}

const urlsShape = z.record(z.string(), z.string());
