// The shop's four subgraphs in one process; tells its starter where each answers.
import { type SubgraphName, subgraphNames, subgraphSchema } from './schemas.ts';
import { startSubgraphServer } from './subgraph-server.ts';

const started = subgraphNames.map(async (name): Promise<[SubgraphName, string]> => {
  return [name, await startSubgraphServer(subgraphSchema(name))];
});
process.send?.(Object.fromEntries(await Promise.all(started)));
process.on('disconnect', () => process.exit(0));
