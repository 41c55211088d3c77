// A heartbeat that is due: its call is missing, or we were not there to take it.
import { type CheckRow, checkSettings } from '../checks/model.ts';
import type { Observation } from '../checks/rules.ts';
import type { SettingsOf } from '../probes/settings.ts';
import { type Awaited, attentiveMs, deadlineOf, overdue } from './rules.ts';

/** Farther than anything is planned: the first call brings it forward. */
export const never = new Date('9999-12-31T00:00:00Z');

export type Awaiting =
  | { readonly observation: Observation }
  /** Nothing is known; look again then, counting from `awaitedSince`. */
  | { readonly dueAt: Date; readonly awaitedSince: Date | null };

export function awaitHeartbeat(
  check: CheckRow,
  { now, scheduledAt }: { now: number; scheduledAt: number },
): Awaiting {
  const settings = heartbeatSettings(check);
  const awaited = awaitedOf(check);
  const deadline = deadlineOf(awaited, settings);
  const { awaitedSince } = awaited;
  if (deadline === null) return { dueAt: never, awaitedSince: null };
  if (deadline > now)
    return { dueAt: new Date(deadline), awaitedSince: awaitedSince === null ? null : new Date(awaitedSince) };
  if (now - scheduledAt > attentiveMs) {
    const again = { awaitedSince: now, startedAt: null };
    return { dueAt: new Date(deadlineOf(again, settings) ?? now), awaitedSince: new Date(now) };
  }
  return { observation: overdue(awaited, now) };
}

export function awaitedOf({ heartbeat }: Pick<CheckRow, 'heartbeat'>): Awaited {
  return {
    awaitedSince: heartbeat?.awaitedSince?.getTime() ?? null,
    startedAt: heartbeat?.startedAt?.getTime() ?? null,
  };
}

export function heartbeatSettings(check: Pick<CheckRow, '_id' | 'kind' | 'settings' | 'platformSlug'>) {
  const settings = checkSettings(check);
  if (check.kind !== 'HEARTBEAT' || settings === null) throw new Error(`Check ${check._id} is no heartbeat.`);
  return settings as SettingsOf<'HEARTBEAT'>; // of this kind they are none other
}
