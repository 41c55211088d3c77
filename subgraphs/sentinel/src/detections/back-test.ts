// What a rule would have found, over the events that are still kept. Nothing is changed.
import { z } from 'zod';
import { belongTogether } from '../findings/rules.ts';
import { occurredWithin } from '../period.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { happenedOf } from '../security-events/happened.ts';
import type { SecurityEventRow } from '../security-events/model.ts';
import { logSourceOf, ocsfOf } from '../security-events/ocsf.ts';
import { evaluate, type Hit, SigmaError } from '../sigma/index.ts';
import { mostSigma } from './changing.ts';
import { invalidDetectionInput, invalidSigmaRule } from './refusals.ts';
import { compileRule } from './rule.ts';

const mostEvents = 10_000;
const mostHits = 100;
const mostDaysBack = 30;

const inputSchema = z.object({
  sigma: z.string().min(1).max(mostSigma),
  since: z.date().refine((since) => since.getTime() >= Date.now() - mostDaysBack * 86_400_000, {
    error: `is ${mostDaysBack} days back at most`,
  }),
});

export const backTestDetectionRule: MutationResolvers['backTestDetectionRule'] = async (
  _,
  { input },
  { models },
) => {
  const nothing = { eventCount: 0, isPartial: false, hits: [] };
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return { ...nothing, errors: invalidDetectionInput(parsed.error) };
  try {
    const { parts } = compileRule(parsed.data.sigma);
    const rows = await models.SecurityEvent.find(occurredWithin(parsed.data))
      .sort({ occurredAt: -1, _id: -1 })
      .limit(mostEvents + 1)
      .lean<SecurityEventRow[]>();
    const latest = rows.slice(0, mostEvents);
    const events = latest.map((row) => {
      const happened = happenedOf(row);
      const at = row.occurredAt.getTime();
      return { id: row._id, at, fields: ocsfOf(happened), logsource: logSourceOf(happened) };
    });
    const times = new Map(events.map(({ id, at }) => [id, at]));
    return {
      ...{ eventCount: events.length, isPartial: rows.length > mostEvents, errors: [] },
      hits: joined(evaluate(parts, events), times).slice(0, mostHits),
    };
  } catch (error) {
    if (error instanceof SigmaError) return { ...nothing, errors: [invalidSigmaRule(error)] };
    throw error;
  }
};

/** As findings would be: what lies close together about the same is one. */
function joined(hits: readonly Hit[], times: ReadonlyMap<string, number>) {
  const found: { group: string; from: number; to: number; evidence: Set<string>; hit: Hit }[] = [];
  for (const hit of [...hits].sort((left, right) => left.at - right.at)) {
    const instants = hit.evidence.map((id) => times.get(id) ?? hit.at);
    const stretch = { from: Math.min(...instants), to: Math.max(...instants) };
    const group = JSON.stringify(hit.group);
    const known = found.findLast((each) => each.group === group && belongTogether(each, stretch));
    if (known === undefined) found.push({ ...stretch, group, hit, evidence: new Set(hit.evidence) });
    else {
      known.from = Math.min(known.from, stretch.from);
      known.to = Math.max(known.to, stretch.to);
      for (const id of hit.evidence) known.evidence.add(id);
    }
  }
  return found.map(({ from, to, evidence, hit: { group, rule } }) => ({
    ...{ firstSeenAt: new Date(from), lastSeenAt: new Date(to), evidenceCount: evidence.size },
    subjects: group.map((value, index) => ({
      field: (rule.kind === 'correlation' ? rule.groupBy[index] : undefined) ?? '',
      value,
    })),
  }));
}
