import { mongo } from 'mongoose';
import { TenantMoving } from './residency/placement.ts';

/** The database is away, or the tenant on its way to another one: whatever is tried fails for now. */
export function isOutage(error: unknown): boolean {
  return (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof TenantMoving
  );
}
