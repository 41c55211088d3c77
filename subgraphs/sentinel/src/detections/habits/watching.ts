// Sign-ins go through the detectors, in the transaction that stores them. A sign-in that comes late changes the verdict on
// those after it: what is no longer found is taken back, so that findings stay a function of the events.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../../context.ts';
import type { Found } from '../../findings/recording.ts';
import { withdrawEvidence } from '../../findings/withdrawing.ts';
import { happenedOf } from '../../security-events/happened.ts';
import type { SecurityEventRow } from '../../security-events/model.ts';
import type { Happened } from '../../security-events/ocsf.ts';
import type { InForce, Tuning } from '../catalogue.ts';
import { lookedPast } from '../suppressions/suppressing.ts';
import type { Detector } from './detector.ts';
import { detectors } from './detectors.ts';
import { dayMs, inOrder, lookBackDays, type SignIn, type Verdict } from './rules.ts';

/** Most sign-ins of a person that are looked at, the latest first. */
const mostSignIns = 2_000;
const personField = 'actor.user.uid';

export async function watchHabits(
  service: Sentinel,
  events: readonly Happened[],
  { push, disabled, tuned }: Pick<UnitOfWork, 'push'> & Pick<InForce, 'disabled' | 'tuned'>,
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
    const history = await historyOf(service, { personId, own, from });
    const isNew = new Set(own.map(({ _id }) => _id));
    for (const detector of enabled)
      founds.push(
        ...(await judge(service, {
          ...{ detector, personId, history, isNew, from, push },
          tuning: tuned.get(detector.id),
        })),
      );
  }
  return founds;
}

interface Judging extends Pick<UnitOfWork, 'push'> {
  detector: Detector;
  tuning: Tuning | undefined;
  personId: string;
  history: readonly Happened[];
  isNew: ReadonlySet<string>;
  /** Nothing before it is new. */
  from: number;
}

async function judge(service: Sentinel, given: Judging): Promise<Found[]> {
  const { detector, tuning, personId, history, isNew, push } = given;
  const { id, version, title, severity, techniques } = detector;
  const rule = { id, version: version + (tuning?.tunings ?? 0), title, severity, techniques };
  // Where nothing could be found of them, nobody has to ask what to look past.
  const isWorthAsking = history.some((event) => detector.isShownBy?.(signInOf(event)) ?? true);
  const past =
    detector.looksPast && isWorthAsking
      ? await lookedPast(service, { ruleId: id, events: history, isNew: (each) => isNew.has(each) })
      : new Set<string>();
  const ordered = history
    .filter(({ _id }) => !past.has(_id))
    .map(signInOf)
    .sort(inOrder);
  const from = reach(detector, ordered, given.from);
  const verdicts = detector.evaluate(ordered, tuning?.values).filter(({ signIn }) => signIn.at >= from);
  const founds = verdicts.map((verdict): Found => {
    const found = foundOf(verdict, personId);
    return { rule, ...found, added: found.evidence };
  });
  const isLate = ordered.some((signIn) => signIn.at >= given.from && !isNew.has(signIn.id));
  if (!isLate) return founds;
  const found = founds.map(({ evidence }) => evidence);
  const fallen = await withdrawEvidence(service, { ruleId: id, subject: personId, from, found, push });
  return [...founds, ...fallen.map((each) => ({ ...each, rule, added: each.evidence }))];
}

/** About whom a verdict is, and by which sign-ins. */
export function foundOf(
  { about, evidence }: Verdict,
  personId: string,
): Pick<Found, 'subjects' | 'evidence'> {
  return {
    subjects: [{ field: personField, value: personId }, ...(about === null ? [] : [about])],
    evidence: new Map(evidence.map((signIn) => [signIn.id, signIn.at])),
  };
}

/** What shows something of a sign-in may lie before it. */
function reach({ isShownBy }: Detector, ordered: readonly SignIn[], from: number): number {
  const earlier = isShownBy && ordered.findLast((signIn) => signIn.at < from && isShownBy(signIn));
  return earlier?.at ?? from;
}

async function historyOf(
  { models }: Sentinel,
  { personId, own, from }: { personId: string; own: readonly Happened[]; from: number },
): Promise<Happened[]> {
  // A verdict on a sign-in looks back so far, and what came late may be before others.
  const since = new Date(from - (lookBackDays + 1) * dayMs);
  const rows = await models.SecurityEvent.find({
    ...{ actorId: personId, type: 'SIGN_IN_SUCCEEDED' },
    occurredAt: { $gt: since },
  })
    .sort({ occurredAt: -1 })
    .limit(mostSignIns)
    .lean<SecurityEventRow[]>();
  return [...new Map([...rows.map(happenedOf), ...own].map((event) => [event._id, event])).values()];
}

export function signInOf(
  row: Pick<SecurityEventRow, '_id' | 'occurredAt'> &
    Partial<Pick<SecurityEventRow, 'ipAddress' | 'place' | 'userAgent' | 'clientId'>>,
): SignIn {
  const { _id: id, occurredAt, ipAddress = null, place = null, userAgent = null, clientId = null } = row;
  return { id, at: occurredAt.getTime(), ipAddress, place, userAgent, clientId };
}
