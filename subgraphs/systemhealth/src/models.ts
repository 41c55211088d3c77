// All models of this subgraph and whose data they hold.
import { tenantOwned } from '@supergraph/chassis/models';
import { healthEventSchema } from './checks/event-model.ts';
import { checkSchema } from './checks/model.ts';
import { knownTenantSchema } from './platform/model.ts';
import { resultSchema } from './results/model.ts';
import { serviceSchema } from './services/model.ts';

export const models = {
  Service: tenantOwned(serviceSchema),
  Check: tenantOwned(checkSchema, {
    secret: ['lease'],
    people: { mentions: { recordedBy: 'it is a token of whichever copy ran the check' } },
  }),
  HealthEvent: tenantOwned(healthEventSchema),
  Result: tenantOwned(resultSchema, { path: 'meta.tenantId' }),
  KnownTenant: tenantOwned(knownTenantSchema, { path: '_id' }),
};
