// Sign-ins go through the detectors, in the transaction that stores them. A sign-in that comes late changes the verdict on
// those after it: what is no longer found is taken back, so that findings stay a function of the events.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../../context.ts';
import type { Found } from '../../findings/recording.ts';
import { withdrawEvidence } from '../../findings/withdrawing.ts';
import type { SecurityEventRow } from '../../security-events/model.ts';
import type { Happened } from '../../security-events/ocsf.ts';
import type { InForce } from '../catalogue.ts';
import { type Detector, detectors } from './detectors.ts';
import { dayMs, lookBackDays, type SignIn } from './rules.ts';

/** Most sign-ins of a person that are looked at, the latest first. */
const mostSignIns = 2_000;
const personField = 'actor.user.uid';

export async function watchHabits(
  service: Sentinel,
  events: readonly Happened[],
  { push, disabled }: Pick<UnitOfWork, 'push'> & Pick<InForce, 'disabled'>,
): Promise<Found[]> {
  const signIns = events.filter(({ type, actorId }) => type === 'SIGN_IN_SUCCEEDED' && actorId !== null);
  if (signIns.length === 0) return [];
  const enabled = detectors.filter(({ id }) => !disabled.has(id));
  if (enabled.length === 0) return [];
  const people = new Map<string, Happened[]>();
  for (const event of signIns) {
    const personId = event.actorId ?? '';
    people.set(personId, [...(people.get(personId) ?? []), event]);
  }
  const founds: Found[] = [];
  for (const [personId, own] of people) {
    const from = Math.min(...own.map(({ occurredAt }) => occurredAt.getTime()));
    const ordered = await historyOf(service, { personId, own, from });
    for (const detector of enabled)
      founds.push(...(await judge(service, { detector, personId, ordered, from, push })));
  }
  return founds;
}

interface Judging extends Pick<UnitOfWork, 'push'> {
  detector: Detector;
  personId: string;
  ordered: readonly SignIn[];
  /** Nothing before it is new. */
  from: number;
}

async function judge(service: Sentinel, given: Judging): Promise<Found[]> {
  const { detector, personId, ordered, from, push } = given;
  const { id, version, title, severity, techniques } = detector;
  const rule = { id, version, title, severity, techniques };
  const verdicts = detector.evaluate(ordered).filter(({ signIn }) => signIn.at >= from);
  // All that is found of them is of this instant or earlier unless something came late.
  if (ordered.some(({ at }) => at > from)) {
    const shown = new Set(verdicts.flatMap(({ evidence }) => evidence.map((each) => each.id)));
    await withdrawEvidence(service, {
      ruleId: id,
      subject: personId,
      from: new Date(from),
      keep: shown,
      push,
    });
  }
  return verdicts.map(({ about, evidence }) => {
    const subjects = [{ field: personField, value: personId }, ...(about === null ? [] : [about])];
    const found = new Map(evidence.map((signIn) => [signIn.id, signIn.at]));
    return { rule, subjects, evidence: found, added: found };
  });
}

async function historyOf(
  { models }: Sentinel,
  { personId, own, from }: { personId: string; own: readonly Happened[]; from: number },
): Promise<SignIn[]> {
  // A verdict on a sign-in looks back so far, and what came late may be before others.
  const since = new Date(from - (lookBackDays + 1) * dayMs);
  const rows = await models.SecurityEvent.find({
    ...{ actorId: personId, type: 'SIGN_IN_SUCCEEDED' },
    occurredAt: { $gt: since },
  })
    .sort({ occurredAt: -1 })
    .limit(mostSignIns)
    .lean<SecurityEventRow[]>();
  const all = new Map([...rows, ...own].map((row) => [row._id, signInOf(row)]));
  return [...all.values()].sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
}

export function signInOf(
  row: Pick<SecurityEventRow, '_id' | 'occurredAt'> &
    Partial<Pick<SecurityEventRow, 'ipAddress' | 'userAgent' | 'clientId'>>,
): SignIn {
  const { _id: id, occurredAt, ipAddress = null, userAgent = null, clientId = null } = row;
  return { id, at: occurredAt.getTime(), ipAddress, userAgent, clientId };
}
