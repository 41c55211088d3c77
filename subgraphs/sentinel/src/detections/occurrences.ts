// What correlations count, in the database: held, added to and read for all groups that a batch touches together.
import { createHash } from 'node:crypto';
import { orBeginAnew } from '@supergraph/chassis/database';
import { newId } from '@supergraph/chassis/identifiers';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { Sentinel } from '../context.ts';
import type { CorrelationRule } from '../sigma/index.ts';
import type { Happening } from './happening.ts';
import type { CountedOccurrence, OccurrencePageRow } from './occurrence-model.ts';

/** What a batch adds to one group of one correlation. */
export interface Touched {
  readonly part: CorrelationRule;
  readonly group: string;
  readonly values: readonly string[];
  readonly added: readonly { readonly happening: Happening; readonly rule: number }[];
}

/** Most of what a group has within two timespans that is looked at, the latest first. */
const mostOccurrences = 5_000;
/** So that a page stays far below the 16 MB of a document. */
const mostOnPage = 500;

/**
 * Two transactions that add to one group would each not see the other's: whoever writes this second begins again, and
 * sees it. All are held in one order, so that two don't keep hold of what the other wants.
 */
export async function holdGroups({ models }: Sentinel, groups: Iterable<string>): Promise<void> {
  const tenantId = currentTenant();
  const ids = [...new Set(groups)].map((group) =>
    createHash('sha256')
      .update(JSON.stringify([tenantId, group]))
      .digest('hex'),
  );
  if (ids.length === 0) return;
  const expiresAt = new Date(Date.now() + 24 * 3_600_000);
  await orBeginAnew(() =>
    models.DetectionGroup.bulkWrite(
      ids.sort().map((_id) => ({
        updateOne: { filter: { _id }, update: { $inc: { turns: 1 }, $set: { expiresAt } }, upsert: true },
      })),
    ),
  );
}

export async function keepOccurrences(
  { models, config }: Sentinel,
  touched: readonly Touched[],
): Promise<void> {
  const latenessMs = config.DETECTION_LATENESS_HOURS * 3_600_000;
  const now = Date.now();
  const pages = touched.flatMap(({ part, group, added }) => {
    const occurrences = added.map(({ happening, rule }): CountedOccurrence => {
      const { id, at, fields, evidence, isEvent } = happening;
      const behind = isEvent ? {} : { evidence: [...evidence] };
      return { rule, id, at, value: part.valueOf(fields), ...behind };
    });
    return inPages(occurrences).map((page) => {
      const { from, to } = stretchOf(page);
      const expiresAt = new Date(Math.max(now, to) + 2 * part.timespanMs + latenessMs);
      return { _id: newId('dop'), group, from, to, occurrences: [...page], expiresAt };
    });
  });
  // Written by us field by field: to be made documents would take longer than to be stored.
  if (pages.length > 0) await models.DetectionOccurrencePage.insertMany(pages, { lean: true });
}

/** What each of the groups has within a timespan of what was added, by the groups' names. */
export async function occurrencesOf(
  { models }: Sentinel,
  touched: readonly Touched[],
): Promise<Map<string, CountedOccurrence[]>> {
  const reaches = new Map(touched.map((each) => [each.group, reachOf(each)]));
  const found = new Map<string, Map<string, CountedOccurrence>>();
  for (const { group, occurrences } of await pagesOf(models, [...reaches])) {
    const reach = reaches.get(group);
    if (reach === undefined) continue;
    const known = found.get(group) ?? new Map<string, CountedOccurrence>();
    found.set(group, known);
    for (const each of occurrences) {
      if (each.at < reach.from || each.at > reach.to) continue;
      const key = `${each.rule} ${each.id}`;
      known.set(key, joined(known.get(key), each));
    }
  }
  return new Map([...found].map(([group, each]) => [group, latest([...each.values()])]));
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Of one group the latest pages alone; of several all, or else those of each half. */
async function pagesOf(
  models: Sentinel['models'],
  reaches: readonly (readonly [string, Stretch])[],
): Promise<readonly OccurrencePageRow[]> {
  if (reaches.length === 0) return [];
  const group = { $in: reaches.map(([name]) => name) };
  const from = Math.min(...reaches.map(([, reach]) => reach.from));
  const to = Math.max(...reaches.map(([, reach]) => reach.to));
  const query = models.DetectionOccurrencePage.find({ group, to: { $gte: from }, from: { $lte: to } });
  if (reaches.length === 1) {
    return query.sort({ to: -1 }).limit(mostOccurrences).lean<OccurrencePageRow[]>();
  }
  const pages = await query.limit(mostOccurrences + 1).lean<OccurrencePageRow[]>();
  if (pages.length <= mostOccurrences) return pages;
  const half = Math.ceil(reaches.length / 2);
  const first = await pagesOf(models, reaches.slice(0, half));
  return [...first, ...(await pagesOf(models, reaches.slice(half)))];
}

function reachOf({ part, added }: Touched): Stretch {
  const { from, to } = stretchOf(added.map(({ happening }) => happening));
  return { from: from - part.timespanMs, to: to + part.timespanMs };
}

function stretchOf(all: readonly { readonly at: number }[]): Stretch {
  const times = all.map(({ at }) => at);
  return { from: Math.min(...times), to: Math.max(...times) };
}

/** What another correlation made may have got more behind it since. */
function joined(known: CountedOccurrence | undefined, more: CountedOccurrence): CountedOccurrence {
  if (known?.evidence === undefined || more.evidence === undefined) return known ?? more;
  return { ...known, evidence: [...new Map([...known.evidence, ...more.evidence])] };
}

function latest(occurrences: CountedOccurrence[]): CountedOccurrence[] {
  if (occurrences.length <= mostOccurrences) return occurrences;
  return occurrences.sort((left, right) => right.at - left.at).slice(0, mostOccurrences);
}

function inPages(occurrences: readonly CountedOccurrence[]): (readonly CountedOccurrence[])[] {
  if (occurrences.length <= mostOnPage) return [occurrences];
  return [occurrences.slice(0, mostOnPage), ...inPages(occurrences.slice(mostOnPage))];
}
