// Seeds a demo installation: run with arthemiz' environment and DEMO_ACCOUNTS_FILE.
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { z } from 'zod';
import { definition } from '../definition.ts';
import { seedDemo } from './seed.ts';

const demoDefinition = {
  ...definition,
  config: definition.config.extend({ DEMO_ACCOUNTS_FILE: z.string().min(1) }),
};
// On ports of its own, so that it may run beside the arthemiz that it seeds.
const demo = await startSubgraph(demoDefinition, { ...process.env, PORT: '0', GRPC_PORT: '0' });
try {
  await seedDemo(demo.service, { accountsFile: demo.service.config.DEMO_ACCOUNTS_FILE });
} finally {
  await demo.stop();
}
