// Whether anybody may act in a tenant, and what operators of the platform may do about it. Pure.
import { platformTenantId } from '@supergraph/chassis/tenancy';
import { z } from 'zod';
import { type LifecycleRefusal, tenantProtected } from './refusals.ts';

export interface Suspension {
  /** Why, for the operators who look at it later. */
  readonly reason: string;
  readonly since: Date;
  /** The person or service client who did it. */
  readonly by: string;
}

/** What closes a tenant. Its data is kept. */
export interface Lifecycle {
  readonly suspension: Suspension | null;
}

export type Decision =
  /** `isNews` is false where it was so already. */
  { lifecycle: Lifecycle; isNews: boolean } | { refusal: LifecycleRefusal };

export const isOpen = ({ suspension }: Lifecycle): boolean => suspension === null;

/** A tenant that is suspended already keeps its first reason. */
export function suspended(
  lifecycle: Lifecycle,
  given: { tenantId: string; suspension: Suspension },
): Decision {
  if (given.tenantId === platformTenantId) return { refusal: tenantProtected() };
  if (lifecycle.suspension !== null) return { lifecycle, isNews: false };
  return { lifecycle: { ...lifecycle, suspension: given.suspension }, isNews: true };
}

export function resumed(lifecycle: Lifecycle): Decision {
  if (lifecycle.suspension === null) return { lifecycle, isNews: false };
  return { lifecycle: { ...lifecycle, suspension: null }, isNews: true };
}

const tenantId = z.string().min(1, 'must not be empty').max(64, 'is longer than 64 characters');

export const suspensionInput = z.object({
  tenantId,
  reason: z.string().trim().min(1, 'must not be empty').max(500, 'is longer than 500 characters'),
});

export const resumptionInput = z.object({ tenantId });
