// Home-realm discovery: by which connection the people of a domain sign in. It tells what holds for the domain, never
// whether an address exists.
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { domainOfEmail } from '../domains/rules.ts';
import type { SsoConnectionRow } from './model.ts';

/** The connection that an address's domain leads to; null where there is none, or none that is enabled. */
export async function connectionFor(service: Arthemiz, email: string): Promise<SsoConnectionRow | null> {
  const { Domain, DomainOwner, SsoConnection } = service.models;
  const name = domainOfEmail(email);
  const owner = name === null ? null : await DomainOwner.findOne({ _id: name }).lean();
  if (owner === null) return null;
  return acrossTenants('a domain leads to its connection before a tenant is known', () =>
    inTenant(owner.ownerId, async () => {
      const domain = await Domain.findOne({ _id: owner.domainId, isVerified: true }).lean();
      if (typeof domain?.connectionId !== 'string') return null;
      return SsoConnection.findOne({ _id: domain.connectionId, isEnabled: true }).lean();
    }),
  );
}

/** The connection by which alone an address's people sign in. */
export async function requiredConnectionFor(
  service: Arthemiz,
  email: string,
): Promise<SsoConnectionRow | null> {
  const connection = await connectionFor(service, email);
  return connection?.isRequired === true ? connection : null;
}

/** A connection that somebody has come back from, if it still lets people in. */
export function connectionOf(
  service: Arthemiz,
  { ownerId, connectionId }: { ownerId: string; connectionId: string },
): Promise<SsoConnectionRow | null> {
  return acrossTenants('somebody comes back from a provider before a tenant is known', () =>
    inTenant(ownerId, () =>
      service.models.SsoConnection.findOne({ _id: connectionId, isEnabled: true }).lean(),
    ),
  );
}
