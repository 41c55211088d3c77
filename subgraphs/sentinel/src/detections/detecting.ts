// Events that were just stored go through the tenant's rules, in the same transaction: what they are evidence of is known
// when they are, or they are not stored. Findings are a function of the events, not of the order in which they arrive.
import { createHash } from 'node:crypto';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import { orBeginAnew } from '../beginning-anew.ts';
import type { Sentinel } from '../context.ts';
import { recordFinding } from '../findings/finding.ts';
import { type Happened, logSourceOf, ocsfOf } from '../security-events/ocsf.ts';
import {
  type CorrelationRule,
  coversLogSource,
  inOrder,
  type SigmaEvent,
  type SigmaRule,
  windowsOf,
} from '../sigma/index.ts';
import { rulesOfTenant } from './catalogue.ts';
import { detectFurther } from './further.ts';
import type { OccurrenceRow } from './occurrence-model.ts';
import { type CompiledRule, compileRule, type Rule } from './rule.ts';

/** An event that a part of a rule matched, or what a correlation made of several. */
interface Happening {
  readonly id: string;
  readonly at: number;
  readonly fields: SigmaEvent;
  readonly evidence: ReadonlyMap<string, number>;
  readonly subjects: readonly Subject[];
}

interface Subject {
  readonly field: string;
  readonly value: string;
}

/** Most of what a group has within two timespans that is looked at, the latest first. */
const mostOccurrences = 5_000;
/** By what a rule of single events groups: who did it, else from where. */
const subjectFields = ['actor.user.uid', 'user.uid', 'src_endpoint.ip', 'actor.app_uid'];

export async function detect(
  service: Sentinel,
  events: readonly Happened[],
  { push }: Pick<UnitOfWork, 'push'>,
): Promise<void> {
  const rules = (await rulesOfTenant(service.models)).filter(({ isEnabled }) => isEnabled);
  const seen = events.map((event) => ({
    ...{ id: event._id, at: event.occurredAt.getTime() },
    ...{ fields: ocsfOf(event), logSource: logSourceOf(event) },
  }));
  for (const rule of rules) {
    const compiled = compileRule(rule.sigma);
    const happenings = new Map<SigmaRule['key'], readonly Happening[]>();
    for (const part of compiled.parts) {
      const found =
        part.kind === 'detection'
          ? seen
              .filter(({ fields, logSource }) => coversLogSource(part, logSource) && part.matches(fields))
              .map(({ id, at, fields }) => ({
                ...{ id, at, fields, subjects: subjectsOf(fields) },
                evidence: new Map([[id, at]]),
              }))
          : await correlate(service, { rule, part, happenings });
      happenings.set(part.key, found);
    }
    for (const { evidence, subjects } of happenings.get(compiled.output.key) ?? []) {
      if (compiled.output.kind === 'detection') {
        await holdGroup(
          service,
          groupOf(rule, { part: compiled.output.key, values: subjects.map((each) => each.value) }),
        );
      }
      await recordFinding(service, { rule: described(rule, compiled), subjects, evidence }, { push });
    }
  }
  await detectFurther(service, events, { push });
}

function described({ id, version }: Rule, { output, severity, techniques }: CompiledRule) {
  return { id, version, title: output.title, severity, techniques };
}

/** What the new happenings add to a correlation, group by group. */
async function correlate(
  service: Sentinel,
  given: { rule: Rule; part: CorrelationRule; happenings: ReadonlyMap<string, readonly Happening[]> },
): Promise<Happening[]> {
  const { rule, part, happenings } = given;
  const groups = new Map<string, { values: readonly string[]; added: (Happening & { rule: number })[] }>();
  for (const [place, { key, groupOf: valuesOf }] of part.correlated.entries()) {
    for (const happening of happenings.get(key) ?? []) {
      const values = valuesOf(happening.fields);
      if (values === null) continue;
      const name = groupOf(rule, { part: part.key, values });
      const group = groups.get(name) ?? { values, added: [] };
      groups.set(name, group);
      group.added.push({ ...happening, rule: place });
    }
  }
  const met: Happening[] = [];
  for (const [group, { values, added }] of groups) {
    await holdGroup(service, group);
    await keep(service, { part, group, added });
    met.push(...(await metBy(service, { part, group, values, added })));
  }
  return met;
}

async function keep(
  { models, config }: Sentinel,
  {
    part,
    group,
    added,
  }: { part: CorrelationRule; group: string; added: readonly (Happening & { rule: number })[] },
): Promise<void> {
  const latenessMs = config.DETECTION_LATENESS_HOURS * 3_600_000;
  await models.DetectionOccurrence.bulkWrite(
    added.map(({ id: happeningId, rule, at, fields, evidence }) => ({
      updateOne: {
        filter: { group, rule, happeningId },
        update: {
          $setOnInsert: {
            ...{ at, value: part.valueOf(fields) },
            expiresAt: new Date(Math.max(Date.now(), at) + 2 * part.timespanMs + latenessMs),
          },
          // What another correlation made may have got more behind it since.
          $addToSet: { evidence: { $each: [...evidence].map(([id, when]) => ({ id, at: when })) } },
        },
        upsert: true,
      },
    })),
    { ordered: true },
  );
}

/** The windows of the group in which something new lies, and that meet the correlation. */
async function metBy(
  { models }: Sentinel,
  given: {
    part: CorrelationRule;
    group: string;
    values: readonly string[];
    added: readonly (Happening & { rule: number })[];
  },
): Promise<Happening[]> {
  const { part, group, values, added } = given;
  const times = added.map(({ at }) => at);
  const reach = { $gte: Math.min(...times) - part.timespanMs, $lte: Math.max(...times) + part.timespanMs };
  const rows = await models.DetectionOccurrence.find({ group, at: reach })
    .sort({ at: -1 })
    .limit(mostOccurrences)
    .lean<OccurrenceRow[]>();
  const ordered = inOrder(rows.map((row) => ({ ...row, id: row.happeningId, value: row.value ?? null })));
  const isNew = new Set(added.map(({ id }) => id));
  const subjects = part.groupBy.map((field, index) => ({ field, value: values[index] ?? '' }));
  return windowsOf(part, ordered).flatMap(({ first, last }): Happening[] => {
    const within = ordered.slice(first, last + 1);
    const end = ordered[last];
    if (end === undefined || !within.some(({ id }) => isNew.has(id))) return [];
    return [
      {
        ...{ id: `${part.key}:${end.id}`, at: end.at, subjects },
        fields: Object.fromEntries(subjects.map(({ field, value }) => [field, value])),
        evidence: new Map(within.flatMap(({ evidence }) => evidence.map(({ id, at }) => [id, at] as const))),
      },
    ];
  });
}

/**
 * Two transactions that add to one group would each not see the other's: whoever writes this second begins again, and
 * sees it.
 */
async function holdGroup({ models }: Sentinel, group: string): Promise<void> {
  const _id = createHash('sha256')
    .update(JSON.stringify([currentTenant(), group]))
    .digest('hex');
  const expiresAt = new Date(Date.now() + 24 * 3_600_000);
  await orBeginAnew(() =>
    models.DetectionGroup.updateOne({ _id }, { $inc: { turns: 1 }, $set: { expiresAt } }, { upsert: true }),
  );
}

/** Another version of a rule counts from nothing. */
function groupOf(
  { id, version }: Rule,
  { part, values }: { part: string; values: readonly string[] },
): string {
  const text = JSON.stringify([part, ...values]);
  return `${id}@${version}:${createHash('sha256').update(text).digest('base64url')}`;
}

function subjectsOf(fields: SigmaEvent): Subject[] {
  for (const field of subjectFields) {
    const value = field
      .split('.')
      .reduce<unknown>(
        (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
        fields,
      );
    if (typeof value === 'string') return [{ field, value }];
  }
  return [];
}
