import { runSubgraph } from '@supergraph/chassis/subgraph';
import { sentinel } from './definition.ts';

await runSubgraph(sentinel);
