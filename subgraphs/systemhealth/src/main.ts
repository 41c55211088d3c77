import { runSubgraph } from '@supergraph/chassis/subgraph';
import { systemhealth } from './definition.ts';

await runSubgraph(systemhealth);
