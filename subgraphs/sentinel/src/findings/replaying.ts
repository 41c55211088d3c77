// Evaluates a finding's evidence again, by the rule as it was then.
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { CanaryRow } from '../detections/canaries/model.ts';
import { canaryRule, isTouched } from '../detections/canaries/watching.ts';
import { detectors } from '../detections/habits/detectors.ts';
import { signInOf } from '../detections/habits/history.ts';
import { inOrder } from '../detections/habits/rules.ts';
import { type Parameters, type Tuned, valuesIn, valuesOf } from '../detections/parameters.ts';
import { findingNotFound, invalidDetectionInput } from '../detections/refusals.ts';
import { compileRule } from '../detections/rule.ts';
import { shownRuleById } from '../detections/shown.ts';
import { inForce, lookedPast } from '../detections/suppressions/suppressing.ts';
import type { RuleVersionRow } from '../detections/version-model.ts';
import { volumeParameters } from '../detections/volume/rules.ts';
import { unusualAgain, volumeRule } from '../detections/volume/watching.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { happenedOf } from '../security-events/happened.ts';
import type { SecurityEventRow } from '../security-events/model.ts';
import { logSourceOf, ocsfOf } from '../security-events/ocsf.ts';
import { evaluate } from '../sigma/index.ts';
import type { EvidenceRow } from './evidence-model.ts';
import type { FindingRow } from './model.ts';

/** Most evidence that is looked at, the oldest first. */
const mostEvents = 10_000;
const replayInput = z.object({ id: z.string().max(64) });

type Outcome = 'SAME' | 'DIFFERENT' | 'UNKNOWN';
interface Replayed {
  outcome: Outcome;
  /** Ids of the events that are found again. */
  found: ReadonlySet<string>;
}

const unknown: Replayed = { outcome: 'UNKNOWN', found: new Set() };

export const replayFinding: MutationResolvers['replayFinding'] = async (_, { input }, context) => {
  const nothing = { outcome: null, eventCount: 0, missingCount: 0 };
  const parsed = replayInput.safeParse(input);
  if (!parsed.success) return { ...nothing, errors: invalidDetectionInput(parsed.error) };
  const { models } = context;
  const finding = await models.Finding.findOne({ _id: parsed.data.id }).lean<FindingRow>();
  if (finding === null) return { ...nothing, errors: [findingNotFound] };
  const evidence = await models.FindingEvidence.find({ findingId: finding._id })
    .sort({ occurredAt: 1, _id: 1 })
    .limit(mostEvents)
    .lean<EvidenceRow[]>();
  const ids = evidence.map(({ securityEventId }) => securityEventId);
  const events = await models.SecurityEvent.find({ _id: { $in: ids } }).lean<SecurityEventRow[]>();
  const { outcome } = await replay(context, finding, events);
  return { outcome, eventCount: events.length, missingCount: ids.length - events.length, errors: [] };
};

async function replay(
  context: Context,
  finding: FindingRow,
  events: readonly SecurityEventRow[],
): Promise<Replayed> {
  if (events.length === 0) return unknown;
  const { models } = context;
  if (finding.ruleId === canaryRule.id) {
    const canaries = await models.Canary.find().lean<CanaryRow[]>();
    const isAbout = ({ value }: CanaryRow) => finding.subjects.some((subject) => subject.value === value);
    const canary = canaries.find(isAbout);
    if (canary === undefined) return unknown;
    return compare(
      events,
      events.map(happenedOf).filter((event) => isTouched(canary, event)),
    );
  }
  if (finding.ruleId === volumeRule.id) {
    const values = await valuesOfThen(context, finding, { ...volumeRule, parameters: volumeParameters });
    if (values === null) return unknown;
    const standard = valuesOf(volumeParameters, values);
    const again = await unusualAgain(context.service, events.map(happenedOf), standard);
    return compare(events, again);
  }
  const detector = detectors.find(({ id }) => id === finding.ruleId);
  if (detector !== undefined) {
    const values = await valuesOfThen(context, finding, detector);
    if (values === null) return unknown;
    const actorId = finding.subjects[0]?.value ?? '';
    const history = await models.SecurityEvent.find({
      ...{ actorId, type: 'SIGN_IN_SUCCEEDED' },
      occurredAt: { $lte: finding.lastSeenAt },
    })
      .sort({ occurredAt: 1, _id: 1 })
      .limit(mostEvents)
      .lean<SecurityEventRow[]>();
    const seen = history.map(happenedOf);
    const past = detector.looksPast
      ? await lookedPast(context.service, {
          about: await inForce(context.service, [detector.id]),
          events: seen,
          isNew: new Set(),
        })
      : new Set<string>();
    const ordered = seen.filter(({ _id }) => !past.has(_id)).map(signInOf);
    const verdicts = detector.evaluate(ordered.sort(inOrder), values);
    return compare(
      events,
      verdicts.flatMap((verdict) => verdict.evidence.map(({ id }) => ({ _id: id }))),
    );
  }
  const sigma = await textOf(context, finding);
  return sigma === null ? unknown : bySigma(sigma, finding, events);
}

/** A detector's parameters when it found something; null where they, or the detector of then, are not known any more. */
async function valuesOfThen(
  { models }: Context,
  { ruleId, ruleVersion }: FindingRow,
  detector: { version: number; parameters: Parameters },
): Promise<Tuned | null> {
  const about = { ruleId, version: ruleVersion };
  const then = await models.RuleVersion.findOne(about).lean<RuleVersionRow>();
  if (then !== null) return then.detectorVersion === detector.version ? valuesIn(then.sigma) : null;
  return ruleVersion === detector.version ? valuesOf(detector.parameters) : null;
}

/** Of the version by which it was found; null where it is not known any more. */
async function textOf({ models }: Context, { ruleId, ruleVersion }: FindingRow): Promise<string | null> {
  const version = await models.RuleVersion.findOne({ ruleId, version: ruleVersion }).lean<RuleVersionRow>();
  if (version !== null) return version.sigma;
  const rule = await shownRuleById(models, ruleId);
  return rule === null || rule.detector || rule.version !== ruleVersion ? null : rule.sigma;
}

function bySigma(sigma: string, finding: FindingRow, rows: readonly SecurityEventRow[]): Replayed {
  const { parts, output } = compileRule(sigma);
  const logged = rows.map((row) => {
    const happened = happenedOf(row);
    const at = row.occurredAt.getTime();
    return { id: row._id, at, fields: ocsfOf(happened), logsource: logSourceOf(happened) };
  });
  const hits = evaluate(parts, logged).filter(
    ({ group }) =>
      output.kind === 'detection' || group.every((value, index) => finding.subjects[index]?.value === value),
  );
  return compare(
    rows,
    hits.flatMap(({ evidence }) => evidence.map((_id) => ({ _id }))),
  );
}

function compare(events: readonly { _id: string }[], again: readonly { _id: string }[]): Replayed {
  const found = new Set(again.map(({ _id }) => _id));
  const isSame = events.every(({ _id }) => found.has(_id));
  return { outcome: isSame ? 'SAME' : 'DIFFERENT', found };
}
