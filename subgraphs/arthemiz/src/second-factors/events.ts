// Second factors that came and went: facts for those who watch over the person's tenants.
import { acrossTenants } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { tenantsToldOf } from '../memberships/told.ts';
import type { PersonRow } from '../people/model.ts';
import { maskEmail } from '../people/rules.ts';

export interface FactorFacts {
  person: PersonRow;
  kind: 'authenticator-app' | 'passkey';
  ipAddress: string | null;
  userAgent: string | null;
}

type FactorEvent = 'arthemiz.second-factor.added.v1' | 'arthemiz.second-factor.removed.v1';

/**
 * Changes somebody's second factors and tells each of their tenants, in one transaction. `work` says whether there
 * was anything to change; otherwise nothing is told.
 */
export function changeFactors(
  service: Arthemiz,
  { happened, facts, work }: { happened: FactorEvent; facts: FactorFacts; work: () => Promise<boolean> },
): Promise<boolean> {
  const { person, kind, ipAddress, userAgent } = facts;
  const data = {
    personId: person._id,
    email: maskEmail(person.email),
    kind,
    ipAddress,
    userAgent: userAgent?.slice(0, 512) ?? null,
  };
  return acrossTenants('a second factor concerns each tenant of the person', () =>
    service.transaction(async ({ emit }) => {
      if (!(await work())) return false;
      for (const tenantId of await tenantsToldOf(service, person._id))
        await emit(happened, { subject: person._id, tenantId, data });
      return true;
    }),
  );
}
