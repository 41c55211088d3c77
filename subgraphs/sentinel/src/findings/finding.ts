// A hit becomes a finding, or more evidence of one. All of it is in the transaction of the events that it is about.
import { keptUntil } from '@supergraph/chassis/retention/keeping';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../context.ts';
import { isSuppressed } from '../detections/suppressions/suppressing.ts';
import { respondTo } from '../responses/by-policy.ts';
import { findingChangedTopic, pushOfFinding } from './live.ts';
import type { FindingRow } from './model.ts';
import { type Severity, togetherWithinMs, withEvidence } from './rules.ts';

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
}

/** Whoever calls it holds the group: two transactions about the same one would each make a finding. */
export async function recordFinding(
  service: Sentinel,
  { rule, subjects, evidence }: Found,
  { push }: Pick<UnitOfWork, 'push'>,
): Promise<void> {
  if (await isSuppressed(service, { rule, evidence })) return;
  const { Finding, FindingEvidence } = service.models;
  const times = [...evidence.values()];
  const from = Math.min(...times);
  const to = Math.max(...times);
  const group = JSON.stringify(subjects.map(({ value }) => value));
  const now = new Date();
  const expiresAt = await keptUntil(service, { since: now, days: service.config.FINDING_RETENTION_DAYS });
  const touching = await Finding.find({
    ...{ ruleId: rule.id, group, mergedIntoId: null },
    firstSeenAt: { $lte: new Date(to + togetherWithinMs) },
    lastSeenAt: { $gte: new Date(from - togetherWithinMs) },
  })
    .sort({ createdAt: 1, _id: 1 })
    .lean<FindingRow[]>();
  const [known, ...others] = touching;
  const finding =
    known ?? (await createFinding(service, { rule, subjects, group, from, to, now, expiresAt }));
  for (const other of others) await merge(service, { other, into: finding._id, push, now });
  const findingId = finding._id;
  const ids = { securityEventId: { $in: [...evidence.keys()] } };
  const listed = await FindingEvidence.find({ findingId, ...ids }, { securityEventId: 1 }).lean();
  const isListed = new Set(listed.map(({ securityEventId }) => securityEventId));
  const added = [...evidence].filter(([id]) => !isListed.has(id));
  await FindingEvidence.insertMany(
    added.map(([securityEventId, at]) => ({
      findingId,
      securityEventId,
      occurredAt: new Date(at),
      expiresAt,
    })),
  );
  await FindingEvidence.updateMany({ findingId: finding._id }, { $set: { expiresAt } });
  const firstSeenAt = new Date(Math.min(from, ...touching.map((each) => each.firstSeenAt.getTime())));
  const lastSeenAt = new Date(Math.max(to, ...touching.map((each) => each.lastSeenAt.getTime())));
  const status = withEvidence(finding, lastSeenAt);
  const changed = await Finding.findOneAndUpdate(
    { _id: finding._id },
    {
      $set: {
        ...{ firstSeenAt, lastSeenAt, status, changedAt: now, expiresAt },
        ...(status === finding.status ? {} : { statusSince: now }),
        evidenceCount: await FindingEvidence.countDocuments({ findingId: finding._id }),
      },
    },
    { returnDocument: 'after' },
  ).lean<FindingRow>();
  if (changed !== null) push(findingChangedTopic, pushOfFinding(changed));
}

interface Made extends Pick<Found, 'rule' | 'subjects'> {
  readonly group: string;
  readonly from: number;
  readonly to: number;
  readonly now: Date;
  readonly expiresAt: Date;
}

async function createFinding(
  service: Sentinel,
  { rule, subjects, group, from, to, now, expiresAt }: Made,
): Promise<FindingRow> {
  const finding = new service.models.Finding({
    ...{ ruleId: rule.id, ruleVersion: rule.version, title: rule.title, severity: rule.severity },
    ...{ techniques: [...rule.techniques], subjects: [...subjects], group, status: 'NEW', statusSince: now },
    ...{ firstSeenAt: new Date(from), lastSeenAt: new Date(to), evidenceCount: 0 },
    ...{ createdAt: now, changedAt: now, expiresAt },
  });
  await finding.save();
  const row = finding.toObject();
  await service.transaction((unit) => respondTo(service, unit, row)); // joins the running one
  return row;
}

/** Events that came late joined two: the older one goes on with the evidence of both. */
async function merge(
  { models }: Sentinel,
  { other, into, push, now }: { other: FindingRow; into: string; push: UnitOfWork['push']; now: Date },
): Promise<void> {
  const { Finding, FindingEvidence } = models;
  const rows = await FindingEvidence.find({ findingId: other._id }, { securityEventId: 1 }).lean();
  const ids = rows.map(({ securityEventId }) => securityEventId);
  const both = await FindingEvidence.find({ findingId: into, securityEventId: { $in: ids } }).lean();
  const twice = both.map(({ securityEventId }) => securityEventId);
  await FindingEvidence.deleteMany({ findingId: other._id, securityEventId: { $in: twice } });
  await FindingEvidence.updateMany({ findingId: other._id }, { $set: { findingId: into } });
  const merged = { mergedIntoId: into, changedAt: now };
  await Finding.updateOne({ _id: other._id }, { $set: merged });
  push(findingChangedTopic, pushOfFinding({ ...other, ...merged }));
}
