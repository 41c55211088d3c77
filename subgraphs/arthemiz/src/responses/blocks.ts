// Whoever is blocked at the gateway doesn't sign in either.
import { acrossTenants, platformTenantId } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { standingOfPerson } from '../memberships/standing.ts';
import { type AccessRule, type Entering, verdictOf } from './block-rules.ts';

/** Whoever may lift blocks gets in from anywhere and by any program. */
const lifting = 'allow-list-entry:write';

export async function isBlocked(
  service: Arthemiz,
  { tenantId, ...entering }: Entering & { tenantId: string },
): Promise<boolean> {
  const { personId, clientId } = entering;
  const rules = await acrossTenants('sign-in asks who is blocked in the tenant that is entered', () =>
    service.models.AccessRule.find({
      ...{ tenantId: { $in: [tenantId, platformTenantId] }, isActive: true },
      $and: [
        { $or: [{ until: null }, { until: { $gt: new Date() } }] },
        {
          $or: [
            { kind: 'PERSON', value: personId },
            { kind: 'CLIENT', value: clientId ?? '' },
            { kind: 'NETWORK' },
          ],
        },
      ],
    }).lean<(AccessRule & { tenantId: string })[]>(),
  );
  const own = rules.filter((rule) => rule.tenantId === tenantId);
  // What the platform's own tenant says of networks holds for all.
  const everybodys = rules.filter((rule) => rule.tenantId !== tenantId && rule.kind === 'NETWORK');
  const verdicts = [verdictOf(own, entering), verdictOf(everybodys, entering)];
  if (verdicts.includes('blocked')) return true;
  if (!verdicts.includes('blocked-unless-lifting')) return false;
  const standing = await standingOfPerson(service, { personId, tenantId });
  return standing?.permissions.includes(lifting) !== true;
}
