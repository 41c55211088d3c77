// Who runs a check: whoever took its lease. Any number of copies of this program claim from one collection.
import { randomUUID } from 'node:crypto';
import type { CheckRow } from '../checks/model.ts';
import type { SystemHealth } from '../context.ts';
import { chooseFairly, type Room } from './fairness.ts';

/** A check that this copy alone may run until the lease ends. */
export interface Claim {
  readonly check: CheckRow;
  readonly token: string;
  /** When the run was due, and when it was claimed: milliseconds by the database's clock. */
  readonly scheduledAt: number;
  readonly claimedAt: number;
  readonly leaseEndsAt: number;
}

export interface ClaimRequest {
  /** Names this copy in the stored lease, for people who look. */
  readonly owner: string;
  /** By the database's clock. */
  readonly now: number;
  /** For how many checks there is room, and who has taken the rest. */
  readonly room: Room;
  /** The parts of the platform that this copy knows how to reach; checks of others are left alone. */
  readonly slugs: readonly string[];
}

export interface Claimed {
  readonly claims: readonly Claim[];
  /** Whether more are due than there was room for. */
  readonly isMoreDue: boolean;
  /** When the soonest of the others is due, as far as that lies within a second. */
  readonly nextDueAt: number | null;
}

/** Beyond the timeout of its probe: time to begin and to record. A crashed owner delays a run by this much. */
const leaseMarginMs = 2_500;
const lookAheadMs = 1_000;
/** Of what is due, so many are looked at to choose from: a tenant with all its checks overdue hides nobody else's. */
const mostLookedAt = 4_000;

/**
 * Claims checks that are due, as many as there is room for and fairly between tenants (`fairness.ts`), in three round trips however many they are. Two copies that see the
 * same check due both try to move its `dueAt`; each document takes one update at a time, so one of them finds
 * it moved already.
 */
export async function claimDue({ models }: SystemHealth, request: ClaimRequest): Promise<Claimed> {
  const { owner, now, room, slugs } = request;
  const candidates = await models.Check.find(
    {
      isPaused: false,
      dueAt: { $lte: new Date(now + lookAheadMs) },
      platformSlug: { $in: [null, ...slugs] },
    },
    { dueAt: 1, timeoutMs: 1, tenantId: 1 },
  )
    .sort({ dueAt: 1 })
    .limit(mostLookedAt)
    .lean();
  const overdue = candidates.filter((check) => check.dueAt.getTime() <= now);
  const nextDueAt = candidates[overdue.length]?.dueAt.getTime() ?? null;
  const due = chooseFairly(overdue, room);
  const isMoreDue = due.length < overdue.length;
  if (due.length === 0) return { claims: [], isMoreDue, nextDueAt };

  const token = randomUUID();
  const ids = due.map((check) => check._id);
  const leaseEndsAt = now + Math.max(...due.map((check) => check.timeoutMs)) + leaseMarginMs;
  const { modifiedCount } = await models.Check.updateMany(
    { _id: { $in: ids }, isPaused: false, dueAt: { $lte: new Date(now) } },
    { $set: { dueAt: new Date(leaseEndsAt), lease: { owner, token } } },
  );
  if (modifiedCount === 0) return { claims: [], isMoreDue, nextDueAt };
  // Read after claiming: what was read before may have changed hands in between.
  const read = await models.Check.find({ _id: { $in: ids } }).lean<CheckRow[]>();
  const checks = read.filter(({ lease }) => lease?.token === token);
  const scheduled = new Map(due.map((check) => [check._id, check.dueAt.getTime()]));
  const claims = checks.map((check) => ({
    check,
    token,
    scheduledAt: scheduled.get(check._id) ?? now,
    claimedAt: now,
    leaseEndsAt,
  }));
  return { claims, isMoreDue, nextDueAt };
}

/** Gives back what an owner still holds, so that another copy need not wait for the leases to end. */
export async function releaseAll(
  { models }: SystemHealth,
  { owner, now }: { owner: string; now: number },
): Promise<void> {
  await models.Check.updateMany({ 'lease.owner': owner }, { $set: { lease: null, dueAt: new Date(now) } });
}
