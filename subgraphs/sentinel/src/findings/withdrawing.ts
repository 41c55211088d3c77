// Takes back evidence that is none any more because of an event that came late. A finding without any was never one, and one
// that falls apart was several.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../context.ts';
import type { EvidenceRow } from './evidence-model.ts';
import { findingChangedTopic, pushOfFinding } from './live.ts';
import type { FindingRow } from './model.ts';
import { inOneFinding } from './rules.ts';

/** Events by id, with the instant at which each happened. */
type Evidence = ReadonlyMap<string, number>;

export interface Withdrawn extends Pick<UnitOfWork, 'push'> {
  readonly ruleId: string;
  /** Whom the findings are about. */
  readonly subject: string;
  /** What happened before stays as it is; so does what happened from `until` on. */
  readonly from: number;
  readonly until?: number;
  /** All that is found in between: what shows each of it, together. */
  readonly found: readonly Evidence[];
}

/** What fell off a finding: to be recorded as one of its own. */
export interface Fallen {
  readonly subjects: FindingRow['subjects'];
  readonly evidence: Evidence;
}

export async function withdrawEvidence(
  { models }: Sentinel,
  { ruleId, subject, from, until = Number.POSITIVE_INFINITY, found, push }: Withdrawn,
): Promise<Fallen[]> {
  const { Finding, FindingEvidence } = models;
  const concerned = await Finding.find({
    ...{ ruleId, 'subjects.value': subject, mergedIntoId: null },
    lastSeenAt: { $gte: new Date(from) },
  }).lean<FindingRow[]>();
  const fallen: Fallen[] = [];
  for (const finding of concerned) {
    const rows = await FindingEvidence.find({ findingId: finding._id }).lean<EvidenceRow[]>();
    const listed = new Map(rows.map((row) => [row.securityEventId, row.occurredAt.getTime()]));
    const parts = [
      listedWhere(listed, (at) => at < from),
      listedWhere(listed, (at) => at >= until),
      ...found.filter((evidence) => [...evidence.keys()].some((id) => listed.has(id))),
    ];
    const [stays = new Map<string, number>(), ...others] = inOneFinding(parts);
    const gone = rows.filter(({ securityEventId }) => !stays.has(securityEventId));
    if (gone.length === 0) continue;
    await FindingEvidence.deleteMany({ _id: { $in: gone.map(({ _id }) => _id) } });
    for (const evidence of others) fallen.push({ subjects: finding.subjects, evidence });
    const left = rows.filter(({ securityEventId }) => stays.has(securityEventId));
    const times = left.map(({ occurredAt }) => occurredAt.getTime());
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
  return fallen;
}

function listedWhere(listed: Evidence, isMeant: (at: number) => boolean): Evidence {
  return new Map([...listed].filter(([, at]) => isMeant(at)));
}
