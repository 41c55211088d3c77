// Who takes part in `npm run bench -- gateway`.
import type { Progress } from '../../local/progress.ts';
import type { ShopStage } from '../shop/stage.ts';
import { startApolloGateway } from './apollo-gateway.ts';
import type { Contestant } from './contestant.ts';
import { type HiveGatewayVariant, startHiveGateway } from './hive-gateway.ts';
import { type HiveRouterVariant, startHiveRouter } from './hive-router.ts';
import { startOurs } from './ours.ts';
import { demandNodePeers, demandRouter } from './peers.ts';

export const contestantNames = [
  'ours',
  'apollo',
  'hive',
  'hive-jit',
  'hive-rust',
  'hive-sharing',
  'hive-unshared',
  'hive-router',
  'hive-router-sharing',
  'hive-router-unshared',
] as const;
export type ContestantName = (typeof contestantNames)[number];

interface Given {
  shop: ShopStage;
  progress: Progress;
  /** More for our gateway's environment. */
  gatewayEnv?: Record<string, string>;
}

const starts: Record<ContestantName, (given: Given) => Promise<Contestant>> = {
  async ours({ shop, gatewayEnv }) {
    const stage = await shop.stageFor();
    const env = { ...shop.gatewayEnv, ...gatewayEnv };
    return startOurs(stage, { ...shop, gatewayEnv: env, supergraph: stage.supergraphs.guarded });
  },
  apollo: async ({ shop }) => startApolloGateway(await shop.stageFor()),
  hive: (given) => hiveGateway(given, 'plain'),
  'hive-jit': (given) => hiveGateway(given, 'jit'),
  'hive-rust': (given) => hiveGateway(given, 'rust'),
  'hive-sharing': (given) => hiveGateway(given, 'sharing'),
  'hive-unshared': (given) => hiveGateway(given, 'unshared'),
  'hive-router': (given) => hiveRouter(given, 'plain'),
  'hive-router-sharing': (given) => hiveRouter(given, 'sharing'),
  'hive-router-unshared': (given) => hiveRouter(given, 'unshared'),
};

/** @throws Absent where it can't be here. */
export async function startContestant(name: ContestantName, given: Given): Promise<Contestant> {
  const contestant = await starts[name](given);
  given.shop.add(contestant.process);
  return contestant;
}

async function hiveGateway({ shop, progress }: Given, variant: HiveGatewayVariant): Promise<Contestant> {
  const stage = await shop.stageFor();
  return startHiveGateway(stage, { peers: await demandNodePeers({ root: stage.root, progress }), variant });
}

async function hiveRouter({ shop }: Given, variant: HiveRouterVariant): Promise<Contestant> {
  const stage = await shop.stageFor();
  return startHiveRouter(stage, { program: demandRouter(stage.root), variant });
}
