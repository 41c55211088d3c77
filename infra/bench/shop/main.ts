// The shop's four subgraphs in one process; tells its starter where each answers, then changes prices whenever it is told.
import { changePrices, priceRateShape } from './price-changes.ts';
import { type SubgraphName, subgraphNames, subgraphSchema } from './schemas.ts';
import { startSubgraphServer } from './subgraph-server.ts';

const started = subgraphNames.map(async (name): Promise<[SubgraphName, string]> => {
  return [name, await startSubgraphServer(subgraphSchema(name))];
});
process.send?.(Object.fromEntries(await Promise.all(started)));
process.on('message', async (rate) => process.send?.(await changePrices(priceRateShape.parse(rate))));
process.on('disconnect', () => process.exit(0));
