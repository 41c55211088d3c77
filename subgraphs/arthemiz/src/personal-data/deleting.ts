// Deleting an account: a person leaves every tenant, all that lets them in ends, and all that is about them goes, in one
// transaction with the event by which other subgraphs forget them. So a process that is killed leaves all of it or nothing.
import { erasePerson } from '@supergraph/chassis/personal-data/erasing';
import { isAtHome } from '@supergraph/chassis/residency/at-home';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { allGroups } from '../groups/reading.ts';
import { queueNotice } from '../mail/notices.ts';
import type { MembershipRow } from '../memberships/model.ts';
import { isNeeded } from '../memberships/presence-changes.ts';
import { removeMember } from '../memberships/removing.ts';
import { models as schemas } from '../models.ts';
import type { PersonRow } from '../people/model.ts';
import { listInRegions } from '../residency/searching.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { allRoles, grantsInTurn } from '../roles/reading.ts';
import { endAllSessions } from '../sessions/ending.ts';
import { platformTenant } from '../tenants/rules.ts';

/** Somebody in more tenants leaves some of them first: one transaction has to be done in time. */
const maximumTenants = 200;

/** `needed`: names of the tenants whose last administrator they are; nothing was changed. */
export type AccountDeletion = { outcome: 'deleted' } | { outcome: 'needed'; tenantNames: string[] };

export async function deleteAccount(service: Arthemiz, person: PersonRow): Promise<AccountDeletion> {
  const personId = person._id;
  try {
    await leaveElsewhere(service, personId);
    await acrossTenants('a person who deletes their account leaves all tenants', () =>
      service.transaction(async (unit) => {
        // The form was sent twice: it is done, and told.
        if ((await service.models.Person.exists({ _id: personId })) === null) return;
        const needed: string[] = [];
        for (const { tenantId } of await membershipsOf(service, personId)) {
          const refusal = await inTenant(tenantId, async () => {
            const grants = await grantsInTurn(service);
            const member = await service.models.Membership.findOne({ personId }).lean();
            return member && removeMember(service, unit, { ...grants, member, changedBy: personId });
          });
          if (refusal) needed.push(tenantId);
        }
        if (needed.length > 0) throw new StillNeeded(needed);
        const kept = { sessionUid: null, grantIds: [] };
        await endAllSessions(service, { personId, kept, endedBy: personId, reason: 'left' });
        await forgetHere(service, person);
        await unit.emit('privacy.erasure.requested.v1', {
          ...{ subject: personId, tenantId: platformTenant.id },
          data: { personId },
        });
        const { email } = person;
        await queueNotice(service, person, {
          kind: 'account-deleted',
          say: (words, at) => words.accountDeleted({ email, at }),
        });
      }),
    );
    return { outcome: 'deleted' };
  } catch (error) {
    if (!(error instanceof StillNeeded)) throw error;
    return { outcome: 'needed', tenantNames: await namesOf(service, error.tenantIds) };
  }
}

/**
 * Elsewhere they leave before: one transaction does not reach there. Who is needed somewhere is told so before they leave
 * anything; who becomes needed while they leave stays in that tenant, and asks again.
 */
async function leaveElsewhere(service: Arthemiz, personId: string): Promise<void> {
  const away: string[] = [];
  for (const { tenantId } of await membershipsOf(service, personId))
    if (!(await inTenant(tenantId, () => isAtHome(service.connection)))) away.push(tenantId);
  if (away.length === 0) return;
  const needing = await tenantIdsNeeding(service, personId);
  if (needing.length > 0) throw new StillNeeded(needing);
  for (const tenantId of away) {
    const refusal = await inTenant(tenantId, () =>
      inTenantsRegion(service, async (unit) => {
        const grants = await grantsInTurn(service);
        const member = await service.models.Membership.findOne({ personId }).lean();
        return member && removeMember(service, unit, { ...grants, member, changedBy: personId });
      }),
    );
    if (refusal) throw new StillNeeded([tenantId]);
  }
}

/** Names of the tenants in which nobody could decide about roles without them. */
export async function tenantsNeeding(service: Arthemiz, personId: string): Promise<string[]> {
  return namesOf(service, await tenantIdsNeeding(service, personId));
}

async function tenantIdsNeeding(service: Arthemiz, personId: string): Promise<string[]> {
  const memberships = await membershipsOf(service, personId);
  const needed: string[] = [];
  for (const member of memberships) {
    const { tenantId } = member;
    await inTenant(tenantId, async () => {
      const grants = { roles: await allRoles(service), groups: await allGroups(service) };
      if (await isNeeded(service, { ...grants, member, changedBy: personId })) needed.push(tenantId);
    });
  }
  return needed;
}

/** Undoes the transaction: who is needed in one tenant stays in all of them. */
class StillNeeded extends Error {
  override readonly name = 'StillNeeded';
  readonly tenantIds: readonly string[];

  constructor(tenantIds: readonly string[]) {
    super('They are the last administrator of a tenant.');
    this.tenantIds = tenantIds;
  }
}

/** Suspended ones too. Nobody has the id of one that is awaited. */
async function membershipsOf(service: Arthemiz, personId: string): Promise<MembershipRow[]> {
  const found = await listInRegions(service, {
    reason: 'a person leaves all tenants, or asks whether they can',
    list: () =>
      service.models.Membership.find({ personId })
        .sort({ _id: 1 })
        .limit(maximumTenants + 1)
        .lean<MembershipRow[]>(),
  });
  if (found.length > maximumTenants)
    throw new Error(`Nobody leaves more than ${maximumTenants} tenants at once.`);
  return found;
}

async function forgetHere(service: Arthemiz, { _id: personId, email }: PersonRow): Promise<void> {
  const { connection, models } = service;
  // What lies in other regions goes by the event, which comes here too.
  const regions = service.regions.slice(0, 1);
  // One that is open is still for whoever reads mails there.
  for (const { name: region } of service.regions)
    await acrossTenants(
      'invitations that are over go with the address',
      () => {
        const removing = models.Invitation.deleteMany({ email, isOpen: false });
        return region === regions[0]?.name ? removing : removing.session(null);
      },
      { region },
    );
  await models.Tenant.updateMany({ ownerEmail: email }, { $unset: { ownerEmail: 1 } });
  await erasePerson({ connection, regions, models: schemas, personId, writes: 'joined' });
}

async function namesOf({ models }: Arthemiz, tenantIds: readonly string[]): Promise<string[]> {
  const tenants = await models.Tenant.find({ _id: { $in: tenantIds } }, { name: 1 }).lean();
  return tenants.map(({ name }) => name).sort((a, b) => a.localeCompare(b));
}
