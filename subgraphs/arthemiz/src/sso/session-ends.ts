// Which sessions end with a change of a connection of the tenant in scope.
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { domainOfEmail } from '../domains/rules.ts';
import { doAtHome } from '../home-tasks/doing.ts';

interface Closing {
  connectionId: string;
  changedBy: string;
}

export function endWhoCameByIt(service: Arthemiz, { connectionId, changedBy }: Closing): Promise<void> {
  return doAtHome(service, 'let-sessions-end', { endedBy: changedBy, connectionId });
}

/** But for whoever decided it, who can take it back where the provider turns out to let nobody in. */
export async function endWhoCameOtherwise(
  service: Arthemiz,
  { connectionId, changedBy }: Closing,
): Promise<void> {
  const { Domain, OidcArtifact, Person } = service.models;
  const tenantId = currentTenant();
  const domains = await Domain.find({ connectionId, isVerified: true }).lean();
  const names = new Set(domains.map(({ name }) => name));
  const signedIn = await OidcArtifact.distinct('accountId', {
    kind: 'Grant',
    actingTenantId: tenantId,
    connectionId: { $ne: connectionId },
  });
  const people = await Person.find({ _id: { $in: signedIn.filter((id) => id !== changedBy) } }).lean();
  const personIds = people.filter(({ email }) => names.has(domainOfEmail(email) ?? '')).map(({ _id }) => _id);
  await doAtHome(service, 'let-sessions-end', { endedBy: changedBy, personIds, notBy: connectionId });
}
