// All models of this subgraph and whose data they hold.
import { tenantOwned } from '@supergraph/chassis/models';
import { baselineSchema } from './baseline/model.ts';
import { securityEventSchema } from './security-events/model.ts';

export const models = {
  Baseline: tenantOwned(baselineSchema),
  SecurityEvent: tenantOwned(securityEventSchema),
};
