// Whether anybody may act in a tenant, and what operators of the platform may do about it. Pure.
import { platformTenantId } from '@supergraph/chassis/tenancy';
import { z } from 'zod';
import { keepChangesSeconds } from '../grants/model.ts';
import {
  deletionBegun,
  deletionScheduled,
  type LifecycleRefusal,
  tenantProtected,
  wrongSlug,
} from './refusals.ts';

export interface Suspension {
  /** Why, for the operators who look at it later. */
  readonly reason: string;
  readonly since: Date;
  /** The person or service client who did it. */
  readonly by: string;
}

export interface Deletion {
  readonly scheduledAt: Date;
  /** When its data is erased, unless somebody changes their mind before. */
  readonly eraseAt: Date;
  /** The person or service client who decided so. */
  readonly by: string;
  /** From then on there is no way back. */
  readonly begunAt: Date | null;
  readonly finishedAt: Date | null;
}

/** What closes a tenant: each by itself. */
export interface Lifecycle {
  readonly suspension: Suspension | null;
  readonly deletion: Deletion | null;
}

export type Decision =
  /** `isNews` is false where it was so already. */
  { lifecycle: Lifecycle; isNews: boolean } | { refusal: LifecycleRefusal };

export const isOpen = ({ suspension, deletion }: Lifecycle): boolean =>
  suspension === null && deletion === null;

/** A tenant that is suspended already keeps its first reason. */
export function suspended(
  lifecycle: Lifecycle,
  given: { tenantId: string; suspension: Suspension },
): Decision {
  if (given.tenantId === platformTenantId) return { refusal: tenantProtected() };
  if (hasBegun(lifecycle)) return { refusal: deletionBegun() };
  if (lifecycle.suspension !== null) return { lifecycle, isNews: false };
  return { lifecycle: { ...lifecycle, suspension: given.suspension }, isNews: true };
}

export function resumed(lifecycle: Lifecycle): Decision {
  if (hasBegun(lifecycle)) return { refusal: deletionBegun() };
  if (lifecycle.deletion !== null) return { refusal: deletionScheduled() };
  if (lifecycle.suspension === null) return { lifecycle, isNews: false };
  return { lifecycle: { ...lifecycle, suspension: null }, isNews: true };
}

export interface DeletionPlan {
  tenant: { id: string; slug: string };
  /** As whoever wants it gone typed it. */
  confirmSlug: string;
  graceDays: number;
  by: string;
  now: Date;
}

const dayMs = 86_400_000;

/** No sooner than every access token has expired that knew the tenant as open: nobody writes to what is erased. */
const shortestGraceMs = keepChangesSeconds * 1_000;

/** One that is scheduled already keeps its day. */
export function scheduled(
  lifecycle: Lifecycle,
  { tenant, confirmSlug, graceDays, by, now }: DeletionPlan,
): Decision {
  if (tenant.id === platformTenantId) return { refusal: tenantProtected() };
  if (confirmSlug !== tenant.slug) return { refusal: wrongSlug() };
  if (lifecycle.deletion !== null) return { lifecycle, isNews: false };
  const eraseAt = new Date(now.getTime() + Math.max(graceDays * dayMs, shortestGraceMs));
  const deletion = { scheduledAt: now, eraseAt, by, begunAt: null, finishedAt: null };
  return { lifecycle: { ...lifecycle, deletion }, isNews: true };
}

export function cancelled(lifecycle: Lifecycle): Decision {
  if (hasBegun(lifecycle)) return { refusal: deletionBegun() };
  if (lifecycle.deletion === null) return { lifecycle, isNews: false };
  return { lifecycle: { ...lifecycle, deletion: null }, isNews: true };
}

/** Null unless its time has come and it has not begun yet. */
export function begun(lifecycle: Lifecycle, now: Date): Lifecycle | null {
  const { deletion } = lifecycle;
  if (deletion === null || deletion.begunAt !== null || deletion.eraseAt > now) return null;
  return { ...lifecycle, deletion: { ...deletion, begunAt: now } };
}

/**
 * What becomes of an environment when its tenant was decided over: it goes along. What was decided over it alone stays,
 * and is told by its moment.
 */
export function followed(
  own: Lifecycle,
  { before, after }: { before: Lifecycle; after: Lifecycle },
): Decision {
  if (hasBegun(own)) return { lifecycle: own, isNews: false };
  const sinceOf = ({ since }: Suspension) => since.getTime();
  const scheduledOf = ({ scheduledAt }: Deletion) => scheduledAt.getTime();
  const lifecycle = {
    suspension: follow(own.suspension, { before: before.suspension, after: after.suspension }, sinceOf),
    deletion: follow(own.deletion, { before: before.deletion, after: after.deletion }, scheduledOf),
  };
  const isNews = lifecycle.suspension !== own.suspension || lifecycle.deletion !== own.deletion;
  return { lifecycle, isNews };
}

function follow<Closing>(
  own: Closing | null,
  { before, after }: { before: Closing | null; after: Closing | null },
  momentOf: (closing: Closing) => number,
): Closing | null {
  if (after !== null) return own ?? after;
  const isTheirs = own !== null && before !== null && momentOf(own) === momentOf(before);
  return isTheirs ? null : own;
}

/** Whether its data is being erased, or has been. */
export function hasBegun({ deletion }: Lifecycle): boolean {
  return deletion !== null && deletion.begunAt !== null;
}

const tenantId = z.string().min(1, 'must not be empty').max(64, 'is longer than 64 characters');

export const suspensionInput = z.object({
  tenantId,
  reason: z.string().trim().min(1, 'must not be empty').max(500, 'is longer than 500 characters'),
});

const days = 'must be a whole number from 0 to 365';

export const deletionInput = z.object({
  tenantId,
  confirmSlug: z.string().max(100, 'is longer than 100 characters'),
  graceDays: z
    .int({ error: days })
    .min(0, { error: days })
    .max(365, { error: days })
    .nullish()
    .transform((given) => given ?? 30),
});

/** Of a decision that takes no more than the tenant. */
export const tenantInput = z.object({ tenantId });
