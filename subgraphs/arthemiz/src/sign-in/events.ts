// Who signed in, and who failed to: facts for those who watch over a tenant.
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { joinedTenants } from '../memberships/standing.ts';
import type { PersonRow } from '../people/model.ts';
import { maskEmail } from '../people/rules.ts';
import { platformTenant } from '../tenants/rules.ts';

/** The circumstances of a sign-in. */
export interface SignInFacts {
  email: string;
  person: PersonRow | null;
  clientId: string | null;
  ipAddress: string | null;
  userAgent: string | null;
  /** The connection to a tenant's identity provider that they came by; absent for other ways. */
  connectionId?: string | null;
}

export function tellSignedIn(service: Arthemiz, facts: SignInFacts & { tenantId: string }): Promise<void> {
  return inTenant(facts.tenantId, () =>
    service.transaction(({ emit }) =>
      emit('arthemiz.sign-in.succeeded.v1', { ...subjectOf(facts), data: dataOf(facts, null) }),
    ),
  );
}

/** Told to each tenant of the person, or to the platform's operators when nobody has the address. */
export async function tellSignInFailed(
  service: Arthemiz,
  facts: SignInFacts & {
    reason: string;
    /** The tenant that it concerns alone; absent: each of the person's. */
    tenantId?: string;
  },
): Promise<void> {
  const tenants = facts.person === null ? [] : await joinedTenants(service, facts.person._id);
  const theirs = tenants.length > 0 ? tenants.map(({ tenantId }) => tenantId) : [platformTenant.id];
  const tenantIds = facts.tenantId === undefined ? theirs : [facts.tenantId];
  await acrossTenants('a failed sign-in concerns each tenant of the person', () =>
    service.transaction(async ({ emit }) => {
      for (const tenantId of tenantIds) {
        await emit('arthemiz.sign-in.failed.v1', {
          ...subjectOf(facts),
          tenantId,
          data: dataOf(facts, facts.reason),
        });
      }
    }),
  );
}

function subjectOf({ person }: SignInFacts): { subject?: string } {
  return person === null ? {} : { subject: person._id };
}

function dataOf(
  { email, person, clientId, ipAddress, userAgent, connectionId }: SignInFacts,
  reason: string | null,
) {
  return {
    personId: person?._id ?? null,
    clientId,
    email: maskEmail(email),
    ipAddress,
    userAgent: userAgent?.slice(0, 512) ?? null,
    // The events' shape is released: by which connection is a remark on how.
    reason: [reason ?? [], connectionId ? `by ${connectionId}` : []].flat().join(' ') || null,
  };
}
