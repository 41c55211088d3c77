// Looks, at the end of each change of grants, whether somebody would hold what is kept apart: after the writes and in their
// transaction, so that every way to a role counts and nothing of the change stays where somebody would.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { holdingsOf } from '../memberships/holdings.ts';
import type { MembershipRow } from '../memberships/model.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { everywhere, type Held, type RoleGraph } from '../roles/inheritance.ts';
import { allRoles } from '../roles/reading.ts';
import { dutiesSeparated, type RoleRefusal } from '../roles/refusals.ts';
import type { SeparationRow } from './model.ts';
import { brokenBy, dutiesHeld, heldOf, maximumSeparations } from './rules.ts';

/** Undoes the transaction in which it is thrown. */
export class DutiesHeldTogether extends Error {
  override readonly name = 'DutiesHeldTogether';
  readonly refusal: RoleRefusal;

  constructor(refusal: RoleRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** A transaction that may be undone by `keepDutiesApart`: then its refusal is the outcome. */
export async function changeGrants<Outcome>(
  service: Arthemiz,
  change: (unit: UnitOfWork) => Promise<Outcome>,
): Promise<Outcome | { refusal: RoleRefusal }> {
  try {
    return await inTenantsRegion(service, change);
  } catch (error) {
    if (error instanceof DutiesHeldTogether) return { refusal: error.refusal };
    throw error;
  }
}

/** Members are looked at so many at once. */
const batchSize = 500;

/**
 * For whoever a change of the tenant in scope concerns: one person or service client, or everybody whose roles may allow something else now.
 * @throws DutiesHeldTogether
 */
export async function keepDutiesApart(
  service: Pick<Arthemiz, 'models'>,
  who: 'everybody' | { personId: string } | { serviceClientId: string },
): Promise<void> {
  const { Membership, ServiceClient } = service.models;
  const separations = await allSeparations(service);
  if (separations.length === 0) return;
  const graph = await allRoles(service);
  const look = (subject: string, held: readonly Held[]) => {
    const duties = dutiesHeld(graph, held);
    const broken = brokenBy(separations, duties);
    if (broken === undefined) return;
    throw new DutiesHeldTogether(
      dutiesSeparated({ name: broken.name, subject, held: namesOf(graph, heldOf(broken, duties)) }),
    );
  };
  const lookAt = async (members: readonly MembershipRow[]) => {
    // Who is suspended or awaited will hold it when they come.
    const asPresent = members.map((member) => ({ ...member, isAwaited: null, suspendedAt: null }));
    for (const [personId, held] of await holdingsOf(service, asPresent)) look(personId, held);
  };
  if (who !== 'everybody' && 'personId' in who) return lookAt(await Membership.find(who).lean());
  const clients = who === 'everybody' ? {} : { _id: who.serviceClientId };
  for (const { _id, roleIds } of await ServiceClient.find(clients).lean()) look(_id, everywhere(roleIds));
  if (who !== 'everybody') return;
  let after = '';
  for (;;) {
    const members = await Membership.find({ _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(batchSize)
      .lean();
    await lookAt(members);
    const last = members.at(-1);
    if (last === undefined || members.length < batchSize) return;
    after = last._id;
  }
}

/** Whether somebody holds nothing together that the tenant in scope keeps apart; within a transaction, after its writes. */
export async function holdsDutiesApart(
  service: Pick<Arthemiz, 'models'>,
  who: { personId: string },
): Promise<boolean> {
  try {
    await keepDutiesApart(service, who);
    return true;
  } catch (error) {
    if (error instanceof DutiesHeldTogether) return false;
    throw error;
  }
}

/** Those of the tenant in scope, by name. */
export function allSeparations({ models }: Pick<Arthemiz, 'models'>): Promise<SeparationRow[]> {
  return models.Separation.find().sort({ name: 1 }).limit(maximumSeparations).lean();
}

function namesOf(graph: RoleGraph, { roleIds, permissions }: ReturnType<typeof heldOf>): string[] {
  return [...roleIds.flatMap((id) => graph.get(id)?.name ?? []), ...permissions];
}
