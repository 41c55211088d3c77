// The end of an elevation, by itself or sooner. Standings stop counting it without anybody's doing; what has to be done
// is telling gateways, since tokens from before still speak of it.

import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import { inTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { roleIdsHeld } from '../memberships/holdings.ts';
import { listInReach } from '../residency/searching.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { tellPersonRolesChanged } from '../roles/events.ts';
import { personRolesChange } from '../roles/inheritance.ts';
import { grantsInTurn } from '../roles/reading.ts';
import { elevationNotFound, elevationNotOpen } from '../roles/refusals.ts';
import { tellElevation } from './events.ts';
import type { ElevationRow } from './model.ts';
import type { ElevationOutcome } from './requesting.ts';
import { openAt, statusAt } from './rules.ts';

/** How often a copy looks for what has ended. */
const pollMs = 1_000;
/** Gateways are told when it is over by every copy's clock, or a copy that is behind would tell them that it is not. */
const clockDifferenceMs = 1_000;
const batchSize = 100;

export function createElevationEnds(service: Arthemiz): Worker {
  return createPolling({
    name: 'elevation ends',
    pauseMs: pollMs,
    look: () => tellEnds(service, new Date(Date.now() - clockDifferenceMs)),
    onFailure: (error) =>
      service.logger.error({ err: error }, 'ended elevations could not be told; trying again'),
  });
}

/** Tells of the elevations that were over at that instant, each once, however many copies look. */
export async function tellEnds(service: Arthemiz, at: Date): Promise<void> {
  const ended = await listInReach(service, {
    reason: 'ended elevations are told to gateways',
    list: () =>
      service.models.Elevation.find({ isEndDue: true, endsAt: { $lte: at } })
        .sort({ endsAt: 1 })
        .limit(batchSize)
        .lean(),
  });
  for (const { _id, tenantId } of ended)
    await inTenant(tenantId, () =>
      inTenantsRegion(service, async (unit) => {
        const mine = { _id, isEndDue: true };
        const elevation: ElevationRow | null = await service.models.Elevation.findOneAndUpdate(mine, {
          $unset: { isEndDue: 1 },
        }).lean();
        if (elevation !== null) await tellEnd(service, unit, { elevation, by: null });
      }),
    );
}

/**
 * Withdraws a request of the tenant in scope, or ends the role that it gave at once. People do that to their own,
 * others where they may.
 */
export function endElevation(
  service: Arthemiz,
  { id, subject, mayEndOthers }: { id: string; subject: string; mayEndOthers: boolean },
): Promise<ElevationOutcome> {
  const { Elevation } = service.models;
  return inTenantsRegion<ElevationOutcome>(service, async (unit) => {
    await grantsInTurn(service);
    const current: ElevationRow | null = await Elevation.findOne({ _id: id }).lean();
    if (current === null || !(mayEndOthers || current.personId === subject))
      return { refusal: elevationNotFound() };
    const elevation = await endOpen(service, unit, { elevation: current, by: subject });
    return elevation === null ? { refusal: elevationNotOpen(statusAt(current, new Date())) } : { elevation };
  });
}

/** Ends, in the running transaction, whatever somebody who leaves the tenant in scope asked for and holds. */
export async function endElevationsOf(
  service: Arthemiz,
  unit: UnitOfWork,
  { personId, by }: { personId: string; by: string },
): Promise<void> {
  const open: ElevationRow[] = await service.models.Elevation.find({
    personId,
    ...openAt(new Date()),
  }).lean();
  for (const elevation of open) await endOpen(service, unit, { elevation, by });
}

/** @returns what it is from then on; null for one that is over already */
async function endOpen(
  service: Arthemiz,
  unit: UnitOfWork,
  { elevation: current, by }: { elevation: ElevationRow; by: string },
): Promise<ElevationRow | null> {
  const { Elevation } = service.models;
  const { _id } = current;
  const now = new Date();
  const status = statusAt(current, now);
  if (status === 'REQUESTED') {
    const withdrawal = { outcome: 'withdrawn' as const, decidedBy: by, decidedAt: now };
    await Elevation.updateOne({ _id }, { $set: withdrawal });
    const elevation: ElevationRow = { ...current, ...withdrawal };
    await tellElevation(unit, 'arthemiz.elevation.withdrawn.v1', { elevation, by });
    return elevation;
  }
  if (status !== 'ACTIVE') return null;
  await Elevation.updateOne({ _id }, { $set: { endsAt: now }, $unset: { isEndDue: 1 } });
  const elevation: ElevationRow = { ...current, endsAt: now };
  await tellEnd(service, unit, { elevation, by });
  return elevation;
}

async function tellEnd(
  service: Arthemiz,
  unit: UnitOfWork,
  { elevation, by }: { elevation: ElevationRow; by: string | null },
): Promise<void> {
  const { personId, roleId, tenantId, endsAt } = elevation;
  await tellElevation(unit, 'arthemiz.elevation.ended.v1', { elevation, by });
  const member = await service.models.Membership.findOne({ personId }).lean();
  if (member === null) return;
  const { roles } = await grantsInTurn(service);
  const wanted = await roleIdsHeld(service, member, endsAt ?? undefined);
  // Whoever holds the role by another way keeps it.
  const change = personRolesChange(roles, { held: [...wanted, roleId], wanted });
  if (change.rolesRemoved.length > 0)
    await tellPersonRolesChanged(service, unit, { ...change, tenantId, personId, changedBy: by });
}
