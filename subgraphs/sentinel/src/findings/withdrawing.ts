// Takes back evidence that is none any more because of an event that came late. A finding without any was never one.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../context.ts';
import type { EvidenceRow } from './evidence-model.ts';
import { findingChangedTopic, pushOfFinding } from './live.ts';
import type { FindingRow } from './model.ts';

export interface Withdrawn extends Pick<UnitOfWork, 'push'> {
  readonly ruleId: string;
  /** Whom the findings are about. */
  readonly subject: string;
  /** What happened before stays as it is. */
  readonly from: Date;
  /** Ids of events that are evidence still. */
  readonly keep: ReadonlySet<string>;
}

export async function withdrawEvidence(
  { models }: Sentinel,
  { ruleId, subject, from, keep, push }: Withdrawn,
): Promise<void> {
  const { Finding, FindingEvidence } = models;
  const concerned = await Finding.find({
    ...{ ruleId, 'subjects.value': subject, mergedIntoId: null },
    lastSeenAt: { $gt: new Date(from.getTime() - 1) },
  }).lean<FindingRow[]>();
  for (const finding of concerned) {
    const rows = await FindingEvidence.find({ findingId: finding._id }).lean<EvidenceRow[]>();
    const isGone = ({ occurredAt, securityEventId }: EvidenceRow) =>
      occurredAt >= from && !keep.has(securityEventId);
    const gone = rows.filter(isGone);
    if (gone.length === 0) continue;
    await FindingEvidence.deleteMany({ _id: { $in: gone.map(({ _id }) => _id) } });
    const times = rows.filter((row) => !isGone(row)).map(({ occurredAt }) => occurredAt.getTime());
    if (times.length === 0) {
      await Finding.deleteOne({ _id: finding._id });
      continue;
    }
    const changed = {
      firstSeenAt: new Date(Math.min(...times)),
      lastSeenAt: new Date(Math.max(...times)),
      evidenceCount: times.length,
      changedAt: new Date(),
    };
    await Finding.updateOne({ _id: finding._id }, { $set: changed });
    push(findingChangedTopic, pushOfFinding({ ...finding, ...changed }));
  }
}
