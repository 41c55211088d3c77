// Accesses are stored, looked through and pushed, all in one transaction of whoever calls it.
import { isDuplicateKey } from '@supergraph/chassis/database';
import { newId } from '@supergraph/chassis/identifiers';
import { DuplicateEvent } from '@supergraph/chassis/inbox';
import { daysKept, endOf } from '@supergraph/chassis/retention/keeping';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../context.ts';
import { detect } from '../detections/detecting.ts';
import { takeTurn } from '../detections/turn.ts';
import { noteGap } from '../gaps/noting.ts';
import { placesAt } from '../geography/places.ts';
import { Turns } from '../turns.ts';
import { pushOf, securityEventStoredTopic } from './live.ts';
import { storedCounter } from './metrics.ts';
import type { Access } from './rules.ts';

/** Who stores in a tenant, one after the other in this copy: begun together, all but one would be begun again and again. */
export const turns = new Turns();

/** An access that somebody told of. */
export interface ToldAccess {
  /** The id of the event that told of it: it is stored once. */
  readonly eventId: string;
  readonly occurredAt: Date;
  readonly access: Access;
}

/** Which of the events of the tenant in scope are stored, by the ids of those who told of them. */
export async function storedOf(
  { models }: Sentinel,
  eventIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await models.SecurityEvent.find({ eventId: { $in: eventIds } }, { _id: 0, eventId: 1 }).lean();
  return new Set(rows.map(({ eventId }) => eventId));
}

/** @throws DuplicateEvent where one of them is stored already */
export async function store(
  service: Sentinel,
  accesses: readonly ToldAccess[],
  { emit, push }: Pick<UnitOfWork, 'emit' | 'push'>,
): Promise<void> {
  const { models, config, metrics } = service;
  const turn = await takeTurn(service);
  const days = await daysKept(service, { days: config.SECURITY_EVENT_RETENTION_DAYS });
  const receivedAt = new Date();
  const tenantId = currentTenant();
  const { GEOIP_DATABASE_PATH: path } = config;
  const places = path === undefined ? undefined : placesAt(path);
  const rows = accesses.map(({ eventId, occurredAt, access }) => ({
    ...access,
    ...{
      _id: newId('sev'),
      tenantId,
      eventId,
      occurredAt,
      receivedAt,
      expiresAt: endOf(occurredAt, { days }),
    },
    coordinates: [...access.coordinates],
    external: access.external ?? null,
    place: places?.of(access.ipAddress) ?? null,
  }));
  try {
    // Written by us field by field: to be made a document and validated would take longer than to be stored.
    await models.SecurityEvent.insertMany(rows, { lean: true });
  } catch (error) {
    if (isDuplicateKey(error)) throw new DuplicateEvent(accesses[0]?.eventId ?? '', { cause: error });
    throw error;
  }
  await noteLate(service, rows);
  await detect(service, rows, { emit, push, turn });
  const counter = storedCounter(metrics);
  for (const row of rows) {
    push(securityEventStoredTopic, pushOf(row));
    counter.inc({ type: row.type }, row.count);
  }
}

/** They are looked through all the same; what else belongs to them may be forgotten by now. */
async function noteLate(
  service: Sentinel,
  rows: readonly { occurredAt: Date; receivedAt: Date; count: number }[],
): Promise<void> {
  const latenessMs = service.config.DETECTION_LATENESS_HOURS * 3_600_000;
  const late = rows.filter(({ occurredAt, receivedAt }) => +receivedAt - +occurredAt > latenessMs);
  if (late.length === 0) return;
  const times = late.map(({ occurredAt }) => occurredAt.getTime());
  await noteGap(service, {
    ...{ source: 'sentinel', reason: 'LATE', count: late.reduce((sum, { count }) => sum + count, 0) },
    ...{ from: new Date(Math.min(...times)), until: new Date(Math.max(...times)) },
  });
}
