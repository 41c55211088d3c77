// Making and removing separations of duties, in the same turns as changes of grants: two writers can't bring about together
// what each of them is refused.
import { newId } from '@supergraph/chassis/identifiers';
import type { Arthemiz } from '../context.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { grantsInTurn } from '../roles/reading.ts';
import {
  type RoleRefusal,
  roleNotFound,
  separationNameTaken,
  separationNotFound,
  tooManySeparations,
} from '../roles/refusals.ts';
import { sameName } from '../roles/rules.ts';
import { allSeparations, changeGrants, keepDutiesApart } from './keeping.ts';
import type { SeparationRow } from './model.ts';
import { maximumSeparations } from './rules.ts';

export type SeparationOutcome = { separation: SeparationRow } | { refusal: RoleRefusal };

export interface NewSeparation {
  name: string;
  roleIds: string[];
  permissions: string[];
  changedBy: string;
}

/** Keeps roles and permissions of the tenant in scope apart from now on. Refused while somebody holds two of them. */
export function createSeparation(
  service: Arthemiz,
  { changedBy, ...given }: NewSeparation,
): Promise<SeparationOutcome> {
  return changeGrants<SeparationOutcome>(service, async ({ emit }) => {
    const { roles } = await grantsInTurn(service);
    const others = await allSeparations(service);
    if (given.roleIds.some((id) => !roles.has(id))) return { refusal: roleNotFound() };
    if (others.some(({ name }) => sameName(name, given.name)))
      return { refusal: separationNameTaken(given.name) };
    if (others.length >= maximumSeparations) return { refusal: tooManySeparations(maximumSeparations) };
    const [created] = await service.models.Separation.create([
      { ...given, _id: newId('sep'), createdAt: new Date() },
    ]);
    if (created === undefined) throw new Error('The separation was not created.');
    await keepDutiesApart(service, 'everybody');
    const { _id: separationId, name } = created;
    const data = {
      separationId,
      name,
      roleIds: [...given.roleIds],
      permissions: [...given.permissions],
      changedBy,
    };
    await emit('arthemiz.separation-of-duties.created.v1', { subject: separationId, data });
    return { separation: created.toObject() };
  });
}

export type SeparationDeletionOutcome = { deletedId: string } | { refusal: RoleRefusal };

export function deleteSeparation(
  service: Arthemiz,
  { id, changedBy }: { id: string; changedBy: string },
): Promise<SeparationDeletionOutcome> {
  return inTenantsRegion<SeparationDeletionOutcome>(service, async ({ emit }) => {
    await grantsInTurn(service);
    const separation = await service.models.Separation.findOneAndDelete({ _id: id }).lean();
    if (separation === null) return { refusal: separationNotFound() };
    const { name } = separation;
    const data = { separationId: id, name, changedBy };
    await emit('arthemiz.separation-of-duties.deleted.v1', { subject: id, data });
    return { deletedId: id };
  });
}
