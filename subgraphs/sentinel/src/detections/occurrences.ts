// What correlations count: added to and read for all groups that a batch touches together, from the database as far as it
// is not remembered.
import { newId } from '@supergraph/chassis/identifiers';
import type { Sentinel } from '../context.ts';
import type { CorrelationRule } from '../sigma/index.ts';
import type { Happening } from './happening.ts';
import { type CountedOccurrence, groupIndex, type OccurrencePageRow } from './occurrence-model.ts';
import type { Turn } from './turn.ts';

/** What a batch adds to one group of one correlation. */
export interface Touched {
  readonly part: CorrelationRule;
  readonly group: string;
  readonly values: readonly string[];
  readonly added: readonly { readonly happening: Happening; readonly rule: number }[];
}

interface Addition extends Touched {
  readonly more: readonly CountedOccurrence[];
  /** What is within a timespan of something new. */
  readonly from: number;
  readonly to: number;
}

/** Most of what a group has within two timespans that is looked at, the latest first. */
const mostLookedAt = 5_000;
/** Most of a group that is read or remembered, the latest first, from two timespans before what is new. */
const mostOfGroup = 10_000;
const mostPages = 5_000;
/** So that a page stays far below the 16 MB of a document. */
const mostOnPage = 500;

/** Adds what is new. Returns all that each group has within reach of it, by the groups' names. */
export async function countIn(
  service: Sentinel,
  touched: readonly Touched[],
  turn: Turn,
): Promise<ReadonlyMap<string, readonly CountedOccurrence[]>> {
  const additions = touched.map(additionOf);
  const unknown = additions.filter(
    ({ group, from }) => (turn.occurrences.recall(group)?.from ?? Infinity) > from,
  );
  const pages = await pagesOf(
    service.models,
    unknown.map(({ group, from, part }) => ({ group, from: from - part.timespanMs })),
  );
  await keep(service, additions);
  const read = new Map(unknown.map(({ group, from, part }) => [group, from - part.timespanMs]));
  const byGroup = new Map<string, CountedOccurrence[]>();
  for (const { group, occurrences } of pages)
    byGroup.set(group, (byGroup.get(group) ?? []).concat(occurrences));
  return new Map(
    additions.map(({ group, more, from, to, part }) => {
      const readFrom = read.get(group);
      const before =
        readFrom === undefined
          ? turn.occurrences.recall(group)
          : { from: readFrom, all: byGroup.get(group) ?? [] };
      const start = Math.max(before?.from ?? from, from - part.timespanMs);
      const all = latest(
        joined([...(before?.all ?? []), ...more]).filter(({ at }) => at >= start),
        mostOfGroup,
      );
      turn.occurrences.remember(group, { from: start, all });
      const within = all.filter(({ at }) => at >= from && at <= to);
      return [group, latest(within, mostLookedAt)] as const;
    }),
  );
}

function additionOf(touched: Touched): Addition {
  const { part, added } = touched;
  const more = added.map(({ happening, rule }): CountedOccurrence => {
    const { id, at, fields, evidence, isEvent } = happening;
    const behind = isEvent ? {} : { evidence: [...evidence] };
    return { rule, id, at, value: part.valueOf(fields), ...behind };
  });
  const times = more.map(({ at }) => at);
  const [from, to] = [Math.min(...times) - part.timespanMs, Math.max(...times) + part.timespanMs];
  return { ...touched, more, from, to };
}

async function keep({ models, config }: Sentinel, additions: readonly Addition[]): Promise<void> {
  const latenessMs = config.DETECTION_LATENESS_HOURS * 3_600_000;
  const now = Date.now();
  const pages = additions.flatMap(({ part, group, more }) =>
    inPages(more).map((page) => {
      const times = page.map(({ at }) => at);
      const to = Math.max(...times);
      const expiresAt = new Date(Math.max(now, to) + 2 * part.timespanMs + latenessMs);
      return {
        ...{ _id: newId('dop'), group, from: Math.min(...times), to, occurrences: [...page], expiresAt },
      };
    }),
  );
  // Written by us field by field: to be made documents would take longer than to be stored.
  if (pages.length > 0) await models.DetectionOccurrencePage.insertMany(pages, { lean: true });
}

/** Of one group the latest pages alone; of several all, or else those of each half. */
async function pagesOf(
  models: Sentinel['models'],
  groups: readonly { readonly group: string; readonly from: number }[],
): Promise<readonly OccurrencePageRow[]> {
  if (groups.length === 0) return [];
  const from = Math.min(...groups.map((each) => each.from));
  const query = models.DetectionOccurrencePage.find({
    group: { $in: groups.map(({ group }) => group) },
    to: { $gte: from },
  }).hint(groupIndex);
  if (groups.length === 1) return query.sort({ to: -1 }).limit(mostPages).lean<OccurrencePageRow[]>();
  const pages = await query.limit(mostPages + 1).lean<OccurrencePageRow[]>();
  if (pages.length <= mostPages) return pages;
  const half = Math.ceil(groups.length / 2);
  const first = await pagesOf(models, groups.slice(0, half));
  return [...first, ...(await pagesOf(models, groups.slice(half)))];
}

/** Each once. What another correlation made may have got more behind it since. */
function joined(occurrences: readonly CountedOccurrence[]): CountedOccurrence[] {
  const known = new Map<string, CountedOccurrence>();
  for (const each of occurrences) {
    const key = `${each.rule} ${each.id}`;
    const before = known.get(key);
    if (before?.evidence === undefined || each.evidence === undefined) known.set(key, before ?? each);
    else known.set(key, { ...each, evidence: [...new Map([...before.evidence, ...each.evidence])] });
  }
  return [...known.values()];
}

function latest(occurrences: CountedOccurrence[], most: number): CountedOccurrence[] {
  if (occurrences.length <= most) return occurrences;
  return occurrences.sort((left, right) => right.at - left.at).slice(0, most);
}

function inPages(occurrences: readonly CountedOccurrence[]): (readonly CountedOccurrence[])[] {
  if (occurrences.length <= mostOnPage) return [occurrences];
  return [occurrences.slice(0, mostOnPage), ...inPages(occurrences.slice(mostOnPage))];
}
