// What operators of the platform decide over tenants.
import type { Resolvers } from '../schema.generated.ts';
import { invalidInput } from '../tenants/rules.ts';
import { resumptionInput, suspensionInput } from './rules.ts';
import { type LifecycleOutcome, resumeTenant, suspendTenant } from './suspending.ts';

export const lifecycleResolvers: Resolvers = {
  Mutation: {
    async suspendTenant(_, { input }, { viewer, service }) {
      const parsed = suspensionInput.safeParse(input);
      if (!parsed.success) return { tenant: null, errors: invalidInput(parsed.error) };
      const { tenantId, reason } = parsed.data;
      const suspension = { reason, since: new Date(), by: viewer.subject };
      return payloadOf(await suspendTenant(service, { tenantId, suspension }));
    },
    async resumeTenant(_, { input }, { viewer, service }) {
      const parsed = resumptionInput.safeParse(input);
      if (!parsed.success) return { tenant: null, errors: invalidInput(parsed.error) };
      return payloadOf(await resumeTenant(service, { ...parsed.data, resumedBy: viewer.subject }));
    },
  },
};

function payloadOf(outcome: LifecycleOutcome) {
  return 'tenant' in outcome
    ? { tenant: outcome.tenant, errors: [] }
    : { tenant: null, errors: [outcome.refusal] };
}
