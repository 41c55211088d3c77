// What stands around the gateways that are measured before the shop: subgraphs, issuer, backing services, the load.
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { inheritedEnvironment } from '../../local/installation.ts';
import { openPorts } from '../../local/ports.ts';
import { root } from '../../local/private-platform.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import type { BenchmarkContext } from '../benchmark.ts';
import { type Change, changeShape } from '../changes.ts';
import type { Stage } from '../contestants/contestant.ts';
import { type Issuer, startIssuer } from '../issuer.ts';
import { type Load, type LoadResult, loadResultShape } from '../load.ts';
import { type MeasuredProcess, nextMessage, startProcess } from '../measured-process.ts';
import type { PriceRate } from './price-changes.ts';
import { type SubgraphName, subgraphNames } from './schemas.ts';
import { composeShop } from './supergraph.ts';

export interface ShopStage {
  folder: string;
  subgraphUrls: Record<SubgraphName, string>;
  /** Environment of our gateway, but for its port and its supergraph. */
  gatewayEnv: Record<string, string>;
  subgraphs: MeasuredProcess;
  /** What a contestant is given. */
  stageFor(): Promise<Stage>;
  /** Authorizations of that many people, of all that the queries take but for what is left out. */
  signIn(people: number, without?: string): Promise<string[]>;
  /** Loads a gateway from the subgraphs' core, and waits until that is over. */
  load(load: Load): Promise<LoadResult>;
  /** Changes prices at the subgraphs, and waits until that is over. */
  changePrices(rate: PriceRate): Promise<Change[]>;
  /** To be stopped before all else. */
  add(process: MeasuredProcess): void;
  stop(): Promise<void>;
}

const permissions = ['user:read', 'product:read', 'review:read', 'stock:read'];
const urlsShape = z.record(z.enum(subgraphNames), z.string());

export async function startShopStage({ env, signal, progress }: BenchmarkContext): Promise<ShopStage> {
  const folder = await mkdtemp(join(tmpdir(), 'supergraph-bench-'));
  const processes: MeasuredProcess[] = [];
  let stack: Stack | undefined;
  let issuer: Issuer | undefined;
  const stop = async () => {
    await Promise.allSettled(processes.map((process) => process.stop()));
    issuer?.stop();
    await stack?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // Before anything is there that would have to be stopped by its signal.
    stack = await progress.task('backing services', () =>
      startStack({ root, dataDir: join(folder, 'platform'), publicPort: 0, env, apps: [], signal }),
    );
    const tokensOf = await startIssuer();
    issuer = tokensOf;
    const start = (name: string, script: string) => {
      const process = startProcess({
        name,
        file: globalThis.process.execPath,
        args: ['--import', 'tsx', join(root, 'infra', 'bench', script)],
        env: { ...inheritedEnvironment(env), NODE_ENV: 'production' },
        cwd: root,
        core: 1,
        folder,
      });
      processes.push(process);
      return process;
    };
    const subgraphs = start('shop', join('shop', 'main.ts'));
    const subgraphUrls = urlsShape.parse(await nextMessage(subgraphs));
    const loader = start('load', 'load-process.ts');
    const composed = composeShop(subgraphUrls);
    const write = (name: string, sdl: string) => {
      const file = join(folder, name);
      writeFileSync(file, sdl);
      return file;
    };
    // Once: a gateway that watches its file would see it change under it.
    const supergraphs = {
      guarded: write('guarded.graphql', composed.guarded),
      open: write('open.graphql', composed.open),
    };
    const portsFolder = join(folder, 'contestants');
    mkdirSync(portsFolder);
    const ports = openPorts(portsFolder);
    let contestants = 0;
    return {
      folder,
      subgraphUrls,
      gatewayEnv: { ...stack.env.gateway, ...tokensOf.env },
      subgraphs,
      async stageFor() {
        contestants += 1;
        return { root, folder, port: await ports.of(`contestant ${contestants}`), supergraphs, env };
      },
      signIn(people, without) {
        const granted = permissions.filter((permission) => permission !== without);
        const tokens = Array.from({ length: people }, async (_, index) => {
          const claims = { subject: `per_${index}`, tenantId: 'ten_bench', permissions: granted };
          return `Bearer ${await tokensOf.token(claims)}`;
        });
        return Promise.all(tokens);
      },
      async load(load) {
        signal.throwIfAborted();
        const result = nextMessage(loader);
        loader.child.send(load);
        return loadResultShape.parse(await result);
      },
      async changePrices(rate) {
        signal.throwIfAborted();
        const made = nextMessage(subgraphs, { signal });
        subgraphs.child.send(rate);
        return z.array(changeShape).parse(await made);
      },
      add: (process) => void processes.unshift(process),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
