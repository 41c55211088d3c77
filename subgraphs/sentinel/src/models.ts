// All models of this subgraph and whose data they hold.
import { tenantOwned } from '@supergraph/chassis/models';
import { securityEventSchema } from './security-events/model.ts';

export const models = {
  SecurityEvent: tenantOwned(securityEventSchema),
};
