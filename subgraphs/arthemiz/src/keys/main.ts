// Rotates the signing keys now: run with arthemiz' environment when a key may have leaked.
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { definition } from '../definition.ts';
import { partsOf } from '../parts.ts';
import { emergencyAheadMs } from './rules.ts';

// On a port of its own, so that it may run beside the arthemiz whose keys it rotates.
const rotation = await startSubgraph(definition, { ...process.env, PORT: '0', GRPC_PORT: '0' });
try {
  await partsOf(rotation.service).keys.rotate({ aheadMs: emergencyAheadMs });
} finally {
  await rotation.stop();
}
