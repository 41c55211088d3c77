// Keeps a hit from becoming a finding, in the transaction of its events: it is counted instead.
import { keptUntil } from '@supergraph/chassis/retention/keeping';
import type { Sentinel } from '../../context.ts';
import type { Found } from '../../findings/finding.ts';
import type { SecurityEventRow } from '../../security-events/model.ts';
import { ocsfOf } from '../../security-events/ocsf.ts';
import { happenedOf } from '../back-test.ts';
import type { SuppressedRow, SuppressionRow } from './model.ts';
import { means } from './rules.ts';

/** Whether the tenant does not want to be told of it: where each of its events is meant by one suppression. */
export async function isSuppressed(
  service: Sentinel,
  { rule, evidence }: Pick<Found, 'rule' | 'evidence'>,
): Promise<boolean> {
  const { Suppression, SecurityEvent } = service.models;
  const all = await Suppression.find({ ruleId: rule.id }).sort({ _id: 1 }).lean<SuppressionRow[]>();
  const now = new Date();
  const open = all.filter(({ until }) => !until || until > now);
  if (open.length === 0) return false;
  const rows = await SecurityEvent.find({ _id: { $in: [...evidence.keys()] } }).lean<SecurityEventRow[]>();
  const events = rows.map((row) => ocsfOf(happenedOf(row)));
  if (events.length === 0) return false;
  const suppression = open.find(({ matches }) => events.every((event) => means(matches, event)));
  if (suppression === undefined) return false;
  await count(service, suppression, evidence);
  return true;
}

async function count(
  service: Sentinel,
  { _id: suppressionId }: SuppressionRow,
  evidence: ReadonlyMap<string, number>,
): Promise<void> {
  const { Suppression, SuppressedEvent } = service.models;
  const ids = [...evidence.keys()];
  const known = await SuppressedEvent.find({ suppressionId, securityEventId: { $in: ids } }).lean<
    SuppressedRow[]
  >();
  const isKnown = new Set(known.map(({ securityEventId }) => securityEventId));
  const added = [...evidence].filter(([id]) => !isKnown.has(id));
  if (added.length === 0) return;
  const days = service.config.SECURITY_EVENT_RETENTION_DAYS;
  const expiresAt = await keptUntil(service, { since: new Date(), days });
  await SuppressedEvent.insertMany(
    added.map(([securityEventId, at]) => ({
      ...{ suppressionId, securityEventId, occurredAt: new Date(at), expiresAt },
    })),
  );
  const lastHitAt = new Date(Math.max(...added.map(([, at]) => at)));
  await Suppression.updateOne(
    { _id: suppressionId },
    { $inc: { hitCount: added.length }, $max: { lastHitAt } },
  );
}
