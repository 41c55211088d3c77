// Accesses that other products saw are taken: stored once each, looked through and pushed like those that were seen here. What
// waits is held in memory, so only so much of it may: whoever comes then is sent away, and knows that nothing was taken.
import { rateLimited } from '@supergraph/chassis/errors';
import { DuplicateEvent } from '@supergraph/chassis/inbox';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../context.ts';
import {
  eventIdOf,
  externalAccess,
  type OcsfEvent,
  type ReadEvent,
  type Refusal,
  readEvent,
} from './ocsf-input.ts';
import { store, storedOf, turns } from './storing.ts';

/** Most events that are stored at once. */
export const mostEvents = 1_000;
/** Calls that wait or are under way in this copy: of a tenant, and of all. */
const mostCalls = { ofTenant: 4, ofAll: 32 };
const retryAfterSeconds = 1;
const mostAttempts = 3;

export interface Line {
  readonly json: string;
  /** From 1. */
  readonly line: number;
}

export interface Taken {
  readonly acceptedCount: number;
  /** The uids of those that were taken before, by this call or another. */
  readonly duplicates: readonly string[];
  readonly refusals: readonly Refusal[];
}

const calls = new Map<string, number>();
let allCalls = 0;

/** Does one call's work, of the tenant in scope, unless too many others are. @throws PlatformError RATE_LIMITED */
export async function admitted<T>(work: () => Promise<T>): Promise<T> {
  const tenantId = currentTenant();
  const under = calls.get(tenantId) ?? 0;
  if (under >= mostCalls.ofTenant || allCalls >= mostCalls.ofAll) throw tooMany();
  calls.set(tenantId, under + 1);
  allCalls += 1;
  try {
    return await work();
  } finally {
    allCalls -= 1;
    const left = (calls.get(tenantId) ?? 1) - 1;
    if (left === 0) calls.delete(tenantId);
    else calls.set(tenantId, left);
  }
}

function tooMany() {
  return rateLimited(
    `As many calls are being stored as may wait. Send this one again in ${retryAfterSeconds} s; none of its events was taken.`,
    { extensions: { limit: 'access-events', retryAfterSeconds } },
  );
}

/** Takes up to `mostEvents` lines of an admitted call, each an event or refused. */
export async function takeLines(service: Sentinel, lines: readonly Line[]): Promise<Taken> {
  const read = lines.map(({ json, line }) => readEvent(json, line));
  const events = read.flatMap((each: ReadEvent) => ('event' in each ? [each.event] : []));
  const refusals = read.flatMap((each: ReadEvent) => ('refusal' in each ? [each.refusal] : []));
  const taken = await turns.take(currentTenant(), () => takeNew(service, events));
  return { ...taken, refusals };
}

/** Another copy may take the same in between; then it is found to be known when this is tried again. */
async function takeNew(service: Sentinel, events: readonly OcsfEvent[], attempt = 1) {
  try {
    return await service.transaction((unit) => storeNew(service, events, unit));
  } catch (error) {
    if (error instanceof DuplicateEvent && attempt < mostAttempts)
      return takeNew(service, events, attempt + 1);
    throw error;
  }
}

async function storeNew(
  service: Sentinel,
  events: readonly OcsfEvent[],
  unit: Pick<UnitOfWork, 'emit' | 'push'>,
): Promise<Omit<Taken, 'refusals'>> {
  const taken = new Set(await storedOf(service, events.map(eventIdOf)));
  const duplicates: string[] = [];
  const fresh = events.filter((event) => {
    const id = eventIdOf(event);
    const isFresh = !taken.has(id);
    taken.add(id);
    if (!isFresh) duplicates.push(event.metadata.uid);
    return isFresh;
  });
  if (fresh.length > 0) {
    const told = fresh.map((event) => ({
      ...{ eventId: eventIdOf(event), occurredAt: new Date(event.time), access: externalAccess(event) },
    }));
    await store(service, told, unit);
  }
  return { acceptedCount: fresh.length, duplicates };
}
