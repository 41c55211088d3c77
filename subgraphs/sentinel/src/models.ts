// All models of this subgraph and whose data they hold.
import { tenantOwned } from '@supergraph/chassis/models';
import { baselineSchema } from './baseline/model.ts';
import { securityEventSchema } from './security-events/model.ts';

export const models = {
  Baseline: tenantOwned(baselineSchema),
  SecurityEvent: tenantOwned(securityEventSchema, {
    people: {
      about: ['actorId'],
      mentions: { email: 'it is shown by the id' },
      kept: {
        because: 'the tenant can tell what happened to it, by an id that is nobody’s any more',
        without: ['email', 'ipAddress', 'userAgent'],
      },
    },
  }),
};
