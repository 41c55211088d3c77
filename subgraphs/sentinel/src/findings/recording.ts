// Hits become findings, or more evidence of such. All of it is in the transaction of the events that they are about.
import { newId } from '@supergraph/chassis/identifiers';
import { keptUntil } from '@supergraph/chassis/retention/keeping';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../context.ts';
import { withoutSuppressed } from '../detections/suppressions/suppressing.ts';
import { respondTo } from '../responses/by-policy.ts';
import { listedIndex } from './evidence-model.ts';
import { findingChangedTopic, pushOfFinding } from './live.ts';
import { merge } from './merging.ts';
import { type FindingRow, groupIndex } from './model.ts';
import {
  belongTogether,
  type Severity,
  type Stretch,
  stretchOf,
  togetherWithinMs,
  withEvidence,
} from './rules.ts';

/** What a rule was met by. */
export interface Found {
  readonly rule: {
    readonly id: string;
    readonly version: number;
    readonly title: string;
    readonly severity: Severity;
    readonly techniques: readonly string[];
  };
  readonly subjects: readonly { readonly field: string; readonly value: string }[];
  /** The events, by id, with the instant at which each happened. */
  readonly evidence: ReadonlyMap<string, number>;
  /** Of these, the ones that may not be listed yet. */
  readonly added: ReadonlyMap<string, number>;
}

/** A finding as it will be when all of the batch is in it. */
interface Draft {
  row: FindingRow;
  readonly isNew: boolean;
  /** What there is to list, as far as it isn't. */
  readonly evidence: Map<string, number>;
}

/** Evidence is kept this much longer than its finding at most, so that not each more of it is a change of all before. */
const evidenceLongerMs = 24 * 3_600_000;

/** Whoever calls it has taken the tenant's turn: two transactions about the same would each make a finding. */
export async function recordFindings(
  service: Sentinel,
  all: readonly Found[],
  unit: Pick<UnitOfWork, 'emit' | 'push'>,
): Promise<void> {
  const { push } = unit;
  if (all.length === 0) return;
  const founds = await withoutSuppressed(service, all);
  if (founds.length === 0) return;
  const { models, config } = service;
  const now = new Date();
  const expiresAt = await keptUntil(service, { since: now, days: config.FINDING_RETENTION_DAYS });
  const drafts = new Map<string, Draft[]>();
  for (const row of await touchable(models, founds)) listOf(drafts, row).push(known(row));
  const changed = new Set<Draft>();
  for (const found of founds) {
    const { times, group } = placeOf(found);
    const list = listOf(drafts, { ruleId: found.rule.id, group });
    const [first, ...others] = list.filter(({ row }) => belongTogether(times, seenFor(row)));
    const draft = first ?? {
      row: newFinding(found, { group, now, expiresAt }),
      isNew: true,
      evidence: new Map(),
    };
    if (first === undefined) list.push(draft);
    // Events that came late joined several: the oldest goes on.
    for (const other of others) {
      list.splice(list.indexOf(other), 1);
      changed.delete(other);
      for (const [id, at] of other.evidence) draft.evidence.set(id, at);
      widen(draft, seenFor(other.row));
      if (other.isNew) continue;
      const listed = await merge(models, { other: other.row, into: draft.row._id, push, now });
      draft.row.evidenceCount += listed;
    }
    for (const [id, at] of draft.isNew ? found.evidence : found.added) draft.evidence.set(id, at);
    widen(draft, times);
    changed.add(draft);
  }
  const told = await save(service, { unit, drafts: [...changed], now, expiresAt });
  for (const row of told) push(findingChangedTopic, pushOfFinding(row));
}

/** Findings that any of it may belong to, the oldest first. */
function touchable({ Finding }: Sentinel['models'], founds: readonly Found[]): Promise<FindingRow[]> {
  const places = founds.map(placeOf);
  const from = Math.min(...places.map(({ times }) => times.from));
  const to = Math.max(...places.map(({ times }) => times.to));
  return Finding.find({
    ruleId: { $in: [...new Set(founds.map(({ rule }) => rule.id))] },
    group: { $in: [...new Set(places.map(({ group }) => group))] },
    mergedIntoId: null,
    firstSeenAt: { $lte: new Date(to + togetherWithinMs) },
    lastSeenAt: { $gte: new Date(from - togetherWithinMs) },
  })
    .hint(groupIndex)
    .sort({ createdAt: 1, _id: 1 })
    .lean<FindingRow[]>();
}

async function save(
  service: Sentinel,
  {
    unit,
    drafts,
    now,
    expiresAt,
  }: {
    unit: Pick<UnitOfWork, 'emit' | 'push'>;
    drafts: readonly Draft[];
    now: Date;
    expiresAt: Date;
  },
): Promise<FindingRow[]> {
  const { models } = service;
  const { Finding, FindingEvidence } = models;
  await leaveOutListed(models, drafts);
  const renewed: string[] = [];
  for (const { row, evidence } of drafts) {
    const status = withEvidence(row, row.lastSeenAt);
    Object.assign(row, { changedAt: now, expiresAt, evidenceCount: row.evidenceCount + evidence.size });
    if (status !== row.status) Object.assign(row, { status, statusSince: now });
    if (!row.evidenceUntil || row.evidenceUntil < expiresAt) {
      row.evidenceUntil = new Date(expiresAt.getTime() + evidenceLongerMs);
      renewed.push(row._id);
    }
  }
  const until = { expiresAt: new Date(expiresAt.getTime() + evidenceLongerMs) };
  if (renewed.length > 0) await FindingEvidence.updateMany({ findingId: { $in: renewed } }, { $set: until });
  const made = drafts.filter(({ isNew }) => isNew);
  if (made.length > 0) {
    const rows = made.map(({ row }) => row);
    await Finding.insertMany(rows);
    await respondTo(service, unit, rows);
  }
  const grown = drafts.filter(({ isNew }) => !isNew);
  if (grown.length > 0) {
    await Finding.bulkWrite(
      grown.map(({ row }) => {
        const { firstSeenAt, lastSeenAt, status, statusSince, evidenceCount, evidenceUntil } = row;
        const seen = { firstSeenAt, lastSeenAt, status, statusSince, evidenceCount, evidenceUntil };
        const $set = { ...seen, changedAt: now, expiresAt };
        return { updateOne: { filter: { _id: row._id }, update: { $set } } };
      }),
    );
  }
  const rows = drafts.flatMap(({ row, evidence }) =>
    [...evidence].map(([securityEventId, at]) => ({
      ...{ _id: newId('evd'), findingId: row._id, securityEventId, occurredAt: new Date(at) },
      expiresAt: row.evidenceUntil ?? expiresAt,
    })),
  );
  // Written by us field by field: to be made documents would take longer than to be stored.
  if (rows.length > 0) await FindingEvidence.insertMany(rows, { lean: true });
  return drafts.map(({ row }) => row);
}

async function leaveOutListed(
  { FindingEvidence }: Sentinel['models'],
  drafts: readonly Draft[],
): Promise<void> {
  const grown = drafts.filter(({ isNew, evidence }) => !isNew && evidence.size > 0);
  if (grown.length === 0) return;
  const listed = await FindingEvidence.find(
    {
      findingId: { $in: grown.map(({ row }) => row._id) },
      securityEventId: { $in: [...new Set(grown.flatMap(({ evidence }) => [...evidence.keys()]))] },
    },
    { _id: 0, findingId: 1, securityEventId: 1 },
  )
    .hint(listedIndex)
    .lean();
  const evidence = new Map(grown.map((draft) => [draft.row._id, draft.evidence]));
  for (const { findingId, securityEventId } of listed) evidence.get(findingId)?.delete(securityEventId);
}

function newFinding(
  { rule, subjects, evidence }: Found,
  { group, now, expiresAt }: { group: string; now: Date; expiresAt: Date },
): FindingRow {
  const times = stretchOf(evidence.values());
  return {
    ...{ _id: newId('fnd'), tenantId: currentTenant(), ruleId: rule.id, ruleVersion: rule.version, group },
    ...{ title: rule.title, severity: rule.severity, techniques: [...rule.techniques] },
    ...{ subjects: [...subjects], status: 'NEW', statusSince: now, assigneeId: null, mergedIntoId: null },
    ...{ firstSeenAt: new Date(times.from), lastSeenAt: new Date(times.to), evidenceCount: 0 },
    ...{ createdAt: now, changedAt: now, expiresAt, evidenceUntil: null },
  } as FindingRow; // the schema's lists are plain ones in a lean document
}

const known = (row: FindingRow): Draft => ({ row: { ...row }, isNew: false, evidence: new Map() });

function widen({ row }: Draft, { from, to }: { from: number; to: number }): void {
  row.firstSeenAt = new Date(Math.min(from, row.firstSeenAt.getTime()));
  row.lastSeenAt = new Date(Math.max(to, row.lastSeenAt.getTime()));
}

function placeOf({ subjects, evidence }: Found) {
  return { times: stretchOf(evidence.values()), group: JSON.stringify(subjects.map(({ value }) => value)) };
}

function seenFor({ firstSeenAt, lastSeenAt }: FindingRow): Stretch {
  return { from: firstSeenAt.getTime(), to: lastSeenAt.getTime() };
}

function listOf(drafts: Map<string, Draft[]>, { ruleId, group }: { ruleId: string; group: string }): Draft[] {
  const key = `${ruleId} ${group}`;
  const list = drafts.get(key) ?? [];
  drafts.set(key, list);
  return list;
}
