// Events that came late joined two findings: the older one goes on with the evidence of both.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../context.ts';
import { findingChangedTopic, pushOfFinding } from './live.ts';
import type { FindingRow } from './model.ts';

/** @returns how much evidence the one that goes on got by it */
export async function merge(
  { Finding, FindingEvidence }: Sentinel['models'],
  { other, into, push, now }: { other: FindingRow; into: string; push: UnitOfWork['push']; now: Date },
): Promise<number> {
  const rows = await FindingEvidence.find({ findingId: other._id }, { securityEventId: 1 }).lean();
  const ids = rows.map(({ securityEventId }) => securityEventId);
  const both = await FindingEvidence.find({ findingId: into, securityEventId: { $in: ids } }).lean();
  const twice = both.map(({ securityEventId }) => securityEventId);
  await FindingEvidence.deleteMany({ findingId: other._id, securityEventId: { $in: twice } });
  await FindingEvidence.updateMany({ findingId: other._id }, { $set: { findingId: into } });
  const merged = { mergedIntoId: into, changedAt: now };
  await Finding.updateOne({ _id: other._id }, { $set: merged });
  push(findingChangedTopic, pushOfFinding({ ...other, ...merged }));
  return ids.length - twice.length;
}
