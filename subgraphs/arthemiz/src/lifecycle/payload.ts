// A decision's outcome as the schema's payloads state it.
import type { TenantOutcome } from '../tenants/provisioning.ts';

export function payloadOf(outcome: TenantOutcome) {
  return 'tenant' in outcome
    ? { tenant: outcome.tenant, errors: [] }
    : { tenant: null, errors: [outcome.refusal] };
}
