// Keeps hits from becoming findings, in the transaction of their events: they are counted instead.
import { keptUntil } from '@supergraph/chassis/retention/keeping';
import type { Sentinel } from '../../context.ts';
import type { Found } from '../../findings/recording.ts';
import { happenedOf } from '../../security-events/happened.ts';
import type { SecurityEventRow } from '../../security-events/model.ts';
import { type Happened, ocsfOf } from '../../security-events/ocsf.ts';
import type { SuppressedRow, SuppressionRow } from './model.ts';
import { means } from './rules.ts';

/** Those that the tenant wants to be told of: not where each event of one is meant by one suppression. */
export async function withoutSuppressed(service: Sentinel, founds: readonly Found[]): Promise<Found[]> {
  const open = await inForce(service, [...new Set(founds.map(({ rule }) => rule.id))]);
  const wanted: Found[] = [];
  for (const found of founds) {
    const about = open.filter(({ ruleId }) => ruleId === found.rule.id);
    if (about.length === 0 || !(await isSuppressed(service, found, about))) wanted.push(found);
  }
  return wanted;
}

/**
 * Events that a detector is to look past as if they hadn't been: those that a suppression of it means. They are counted
 * where they are new.
 */
export async function lookedPast(
  service: Sentinel,
  {
    about,
    events,
    isNew,
  }: { about: readonly SuppressionRow[]; events: readonly Happened[]; isNew: ReadonlySet<string> },
): Promise<ReadonlySet<string>> {
  const past = new Set<string>();
  for (const suppression of about) {
    const meant = events.filter((event) => !past.has(event._id) && means(suppression.matches, ocsfOf(event)));
    for (const { _id } of meant) past.add(_id);
    const counted = meant.filter(({ _id }) => isNew.has(_id));
    await count(service, suppression, new Map(counted.map((each) => [each._id, each.occurredAt.getTime()])));
  }
  return past;
}

/** Those of the rules that hold now. */
export async function inForce({ models }: Sentinel, ruleIds: readonly string[]): Promise<SuppressionRow[]> {
  const all = await models.Suppression.find({ ruleId: { $in: ruleIds } })
    .sort({ _id: 1 })
    .lean<SuppressionRow[]>();
  const now = new Date();
  return all.filter(({ until }) => !until || until > now);
}

async function isSuppressed(
  service: Sentinel,
  { evidence }: Found,
  open: readonly SuppressionRow[],
): Promise<boolean> {
  const { SecurityEvent } = service.models;
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
  if (evidence.size === 0) return;
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
