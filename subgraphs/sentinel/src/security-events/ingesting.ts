// Accesses that other products saw are taken: stored once each, looked through and pushed like those that were seen here.
import { rateLimited } from '@supergraph/chassis/errors';
import { DuplicateEvent } from '@supergraph/chassis/inbox';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { Context } from '../context.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { Turns } from '../turns.ts';
import {
  eventIdOf,
  externalAccess,
  type OcsfEvent,
  type ReadEvent,
  type Refusal,
  readEvent,
} from './ocsf-input.ts';
import { store } from './storing.ts';

const mostEvents = 1_000;
/** Calls of a tenant that wait or are under way in this copy; more are sent away, because what waits is held in memory. */
const mostCalls = 4;
const retryAfterSeconds = 1;
const mostAttempts = 3;

const turns = new Turns();
const calls = new Map<string, number>();

export const ingestAccessEvents: MutationResolvers['ingestAccessEvents'] = async (
  _,
  { input: { ndjson } },
  context,
) => {
  const lines = ndjson
    .split('\n')
    .flatMap((json, index) => (json.trim() === '' ? [] : [{ json, line: index + 1 }]));
  if (lines.length === 0 || lines.length > mostEvents) {
    const message = `has ${lines.length} events; 1 to ${mostEvents} are taken at once`;
    const error = { __typename: 'InvalidDetectionInput' as const, message, field: 'ndjson' };
    return { acceptedCount: 0, duplicates: [], refusals: [], errors: [error] };
  }
  const read = lines.map(({ json, line }) => readEvent(json, line));
  const events = read.flatMap((each: ReadEvent) => ('event' in each ? [each.event] : []));
  const refusals = read.flatMap((each: ReadEvent): Refusal[] => ('refusal' in each ? [each.refusal] : []));
  const { acceptedCount, duplicates } = await inTurn(() => takeNew(events, context));
  return { acceptedCount, duplicates, refusals, errors: [] };
};

/** @throws PlatformError RATE_LIMITED */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const tenantId = currentTenant();
  const under = calls.get(tenantId) ?? 0;
  if (under >= mostCalls) {
    throw rateLimited(
      `${mostCalls} calls of this tenant are being stored, which is as many as may wait. Send this one again in ${retryAfterSeconds} s; none of its events was taken.`,
      { extensions: { limit: 'access-events', retryAfterSeconds } },
    );
  }
  calls.set(tenantId, under + 1);
  try {
    return await turns.take(tenantId, work);
  } finally {
    const left = (calls.get(tenantId) ?? 1) - 1;
    if (left === 0) calls.delete(tenantId);
    else calls.set(tenantId, left);
  }
}

/** Another copy may take the same in between; then it is found to be known when this is tried again. */
async function takeNew(events: readonly OcsfEvent[], context: Context, attempt = 1) {
  try {
    return await context.service.transaction((unit) => storeNew(events, context, unit));
  } catch (error) {
    if (error instanceof DuplicateEvent && attempt < mostAttempts)
      return takeNew(events, context, attempt + 1);
    throw error;
  }
}

async function storeNew(
  events: readonly OcsfEvent[],
  { models, service }: Context,
  unit: Parameters<typeof store>[2],
): Promise<{ acceptedCount: number; duplicates: string[] }> {
  const rows = await models.SecurityEvent.find(
    { eventId: { $in: events.map(eventIdOf) } },
    { _id: 0, eventId: 1 },
  ).lean();
  const taken = new Set(rows.map(({ eventId }) => eventId));
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
