import { runSubgraph } from '@supergraph/chassis/subgraph';
import { definition } from './definition.ts';

await runSubgraph(definition);
