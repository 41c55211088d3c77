// The one way to write to an incident: its new state and the entries that tell of it, in the transaction in scope.
import { endOf } from '@supergraph/chassis/retention/keeping';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { SystemHealth } from '../context.ts';
import { tellStatusPage } from '../status-page/live.ts';
import type { IncidentEntryRow } from './entry-model.ts';
import { type IncidentChanged, incidentChangedTopic } from './live.ts';
import { type IncidentRow, keptDays } from './model.ts';

export interface NewEntry extends Pick<IncidentEntryRow, 'kind'> {
  readonly actorId?: string | null;
  readonly message?: string | null;
  readonly isPublic?: boolean;
  readonly role?: IncidentEntryRow['role'];
  readonly personId?: string | null;
  readonly alertId?: string | null;
}

export interface Writing {
  /** As it was read in this transaction. */
  readonly incident: IncidentRow;
  readonly change?: Partial<Omit<IncidentRow, '_id' | 'tenantId' | 'sequence'>>;
  /** Oldest first. */
  readonly entries: readonly NewEntry[];
  readonly now: Date;
}

export async function writeIncident(
  { models }: SystemHealth,
  { push }: Pick<UnitOfWork, 'push'>,
  { incident, change = {}, entries, now }: Writing,
): Promise<IncidentRow> {
  const isPublic = incident.isPublic || entries.some((entry) => entry.isPublic === true);
  const resolvedAt = change.resolvedAt === undefined ? incident.resolvedAt : change.resolvedAt;
  const update = {
    ...change,
    ...{ isPublic, sequence: incident.sequence + entries.length },
    expiresAt: resolvedAt ? endOf(resolvedAt, { days: keptDays }) : null,
  };
  await models.Incident.updateOne({ _id: incident._id }, { $set: update });
  const after = { ...incident, ...update };
  await models.IncidentEntry.insertMany(rowsOf(after, { entries, now, first: incident.sequence + 1 }));
  push(incidentChangedTopic, { incidentId: incident._id } satisfies IncidentChanged);
  if (isPublic) tellStatusPage(push);
  return after;
}

export async function openIncident(
  { models }: SystemHealth,
  { push }: Pick<UnitOfWork, 'push'>,
  { incident, entries, now }: { incident: object; entries: readonly NewEntry[]; now: Date },
): Promise<IncidentRow> {
  const isPublic = entries.some((entry) => entry.isPublic === true);
  const [created] = await models.Incident.create([
    { ...incident, status: 'INVESTIGATING', sequence: entries.length, isPublic, detectedAt: now },
  ]);
  if (created === undefined) throw new Error('MongoDB did not say what it stored.');
  const row: IncidentRow = created.toObject();
  await models.IncidentEntry.insertMany(rowsOf(row, { entries, now, first: 1 }));
  push(incidentChangedTopic, { incidentId: row._id } satisfies IncidentChanged);
  if (isPublic) tellStatusPage(push);
  return row;
}

function rowsOf(
  { _id: incidentId, status }: IncidentRow,
  { entries, now, first }: { entries: readonly NewEntry[]; now: Date; first: number },
) {
  return entries.map((entry, index) => ({
    ...{ isPublic: false, ...entry, incidentId, status, sequence: first + index },
    ...{ occurredAt: now, expiresAt: endOf(now, { days: keptDays }) },
  }));
}
