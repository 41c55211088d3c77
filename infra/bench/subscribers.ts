// Subscribers in a process of their own, as a benchmark sees them.
import { join } from 'node:path';
import type { z } from 'zod';
import { inheritedEnvironment } from '../local/installation.ts';
import { root } from '../local/private-platform.ts';
import { youngGeneration } from '../local/processes.ts';
import { type MeasuredProcess, nextMessage, startProcess } from './measured-process.ts';
import { countShape, latenciesShape, type SubscribersWish } from './subscribers-process.ts';

export interface Subscribers {
  /** Opens one for each token. */
  open(given: { url: string; query: string; tokens: string[]; batch: number }): Promise<void>;
  /** Frames so far whose `message` is this. */
  count(mark: string): Promise<number>;
  /** From when something was done to each frame that carries its mark; times by `sharedNow`. */
  latencies(since: { mark: string; at: number }[]): Promise<z.infer<typeof latenciesShape>>;
  stop(): Promise<void>;
}

export function startSubscribers({
  folder,
  env,
}: {
  folder: string;
  env: Record<string, string | undefined>;
}): Subscribers {
  const child = startProcess({
    name: 'subscribers',
    file: process.execPath,
    args: [...youngGeneration, '--import', 'tsx', join(root, 'infra', 'bench', 'subscribers-process.ts')],
    env: { ...inheritedEnvironment(env), NODE_ENV: 'production' },
    cwd: root,
    core: 1,
    folder,
  });
  return {
    open: async (given) => void (await ask(child, { wish: 'open', ...given })),
    count: async (mark) => countShape.parse(await ask(child, { wish: 'count', mark })).count,
    latencies: async (since) => latenciesShape.parse(await ask(child, { wish: 'latencies', since })),
    stop: () => child.stop(),
  };
}

async function ask(child: MeasuredProcess, wish: SubscribersWish): Promise<unknown> {
  const answer = nextMessage(child);
  child.child.send(wish);
  return answer;
}
