// What a rule would have found, over the events that are still kept. Nothing is changed.
import { z } from 'zod';
import type { Sentinel } from '../context.ts';
import { inOneFinding, stretchOf } from '../findings/rules.ts';
import { occurredWithin } from '../period.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { happenedOf } from '../security-events/happened.ts';
import type { SecurityEventRow } from '../security-events/model.ts';
import { logSourceOf, ocsfOf } from '../security-events/ocsf.ts';
import { evaluate, SigmaError } from '../sigma/index.ts';
import { type Piece, type Tried, tryDetector } from './back-test-detectors.ts';
import { mostSigma } from './changing.ts';
import { problemWith } from './parameters.ts';
import {
  detectionRuleNotFound,
  invalidDetectionInput,
  invalidSigmaRule,
  wrongDetectionInput,
} from './refusals.ts';
import { compileRule } from './rule.ts';
import { shownRuleById } from './shown.ts';
import { parametersInput } from './tuning.ts';

const mostEvents = 10_000;
const mostHits = 100;
const mostDaysBack = 30;

const inputSchema = z
  .object({
    sigma: z.string().min(1).max(mostSigma).nullish(),
    ruleId: z.string().max(64).nullish(),
    parameters: parametersInput.nullish(),
    since: z.date().refine((since) => since.getTime() >= Date.now() - mostDaysBack * 86_400_000, {
      error: `is ${mostDaysBack} days back at most`,
    }),
  })
  .refine(({ sigma, ruleId }) => (typeof sigma === 'string') !== (typeof ruleId === 'string'), {
    path: ['sigma'],
    error: 'is given, or the id of a rule is: one of both',
  });

export const backTestDetectionRule: MutationResolvers['backTestDetectionRule'] = async (
  _,
  { input },
  { models, service },
) => {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return refused(...invalidDetectionInput(parsed.error));
  const { sigma, ruleId, parameters, since } = parsed.data;
  const rule = typeof ruleId === 'string' ? await shownRuleById(models, ruleId) : null;
  if (typeof ruleId === 'string' && rule === null) return refused(detectionRuleNotFound);
  const problem = parameters ? problemWith(rule?.detector?.parameters ?? {}, parameters) : null;
  if (problem !== null) return refused(wrongDetectionInput('parameters', problem));
  try {
    const tuned = { ...rule?.values, ...parameters };
    const tried = rule?.detector
      ? await tryDetector(service, { id: rule.id, tuned, since, mostEvents })
      : await trySigma(service, { sigma: rule?.sigma ?? sigma ?? '', since });
    if (tried === null) return refused(detectionRuleNotFound);
    const { eventCount, isPartial, pieces } = tried;
    return { eventCount, isPartial, hits: joined(pieces).slice(0, mostHits), errors: [] };
  } catch (error) {
    if (error instanceof SigmaError) return refused(invalidSigmaRule(error));
    throw error;
  }
};

type Refusal =
  | ReturnType<typeof wrongDetectionInput>
  | ReturnType<typeof invalidSigmaRule>
  | typeof detectionRuleNotFound;

function refused(...errors: Refusal[]) {
  return { eventCount: 0, isPartial: false, hits: [], errors };
}

/** @throws SigmaError */
async function trySigma(
  { models }: Sentinel,
  { sigma, since }: { sigma: string; since: Date },
): Promise<Tried> {
  const { parts } = compileRule(sigma);
  const rows = await models.SecurityEvent.find(occurredWithin({ since }))
    .sort({ occurredAt: -1, _id: -1 })
    .limit(mostEvents + 1)
    .lean<SecurityEventRow[]>();
  const events = rows.slice(0, mostEvents).map((row) => {
    const happened = happenedOf(row);
    const at = row.occurredAt.getTime();
    return { id: row._id, at, fields: ocsfOf(happened), logsource: logSourceOf(happened) };
  });
  const times = new Map(events.map(({ id, at }) => [id, at]));
  const pieces = evaluate(parts, events).map(({ group, rule, evidence, at }) => ({
    subjects: group.map((value, index) => ({
      field: (rule.kind === 'correlation' ? rule.groupBy[index] : undefined) ?? '',
      value,
    })),
    evidence: new Map(evidence.map((id) => [id, times.get(id) ?? at])),
  }));
  return { eventCount: events.length, isPartial: rows.length > mostEvents, pieces };
}

/** As findings would be: what lies close together about the same is one. */
function joined(pieces: readonly Piece[]) {
  const groups = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const key = JSON.stringify(piece.subjects);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(piece);
  }
  return [...groups.values()]
    .flatMap((group) =>
      inOneFinding(group.map(({ evidence }) => evidence)).map((evidence) => ({
        ...{ subjects: [...(group[0]?.subjects ?? [])], evidenceCount: evidence.size },
        ...stretchOf(evidence.values()),
      })),
    )
    .sort((one, other) => one.from - other.from)
    .map(({ from, to, ...hit }) => ({ ...hit, firstSeenAt: new Date(from), lastSeenAt: new Date(to) }));
}
