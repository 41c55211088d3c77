// Who takes part in `npm run bench -- gateway`.
import type { ShopStage } from '../shop/stage.ts';
import { startApolloGateway } from './apollo-gateway.ts';
import type { Contestant } from './contestant.ts';
import { startOurs } from './ours.ts';

export const contestantNames = ['ours', 'apollo'] as const;
export type ContestantName = (typeof contestantNames)[number];

const starts: Record<ContestantName, (shop: ShopStage) => Promise<Contestant>> = {
  ours: async (shop) => startOurs(await shop.stageFor(), { ...shop, supergraph: shop.supergraphs.guarded }),
  apollo: async (shop) => startApolloGateway(await shop.stageFor()),
};

/** @throws Absent where it can't be here. */
export async function startContestant(name: ContestantName, shop: ShopStage): Promise<Contestant> {
  const contestant = await starts[name](shop);
  shop.add(contestant.process);
  return contestant;
}
