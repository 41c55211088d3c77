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
import type { SuppressionRow } from '../suppressions/model.ts';
import { inForce, lookedPast } from '../suppressions/suppressing.ts';
import type { Turn } from '../turn.ts';
import type { Detector } from './detector.ts';
import { detectors } from './detectors.ts';
import { type History, historiesOf } from './history.ts';
import type { SignIn, Verdict } from './rules.ts';

const personField = 'actor.user.uid';

interface Watching extends Pick<UnitOfWork, 'push'>, Pick<InForce, 'disabled' | 'tuned'> {
  turn: Turn;
}

export async function watchHabits(
  service: Sentinel,
  events: readonly Happened[],
  { push, disabled, tuned, turn }: Watching,
): Promise<Found[]> {
  const signIns = events.filter(({ type, actorId }) => type === 'SIGN_IN_SUCCEEDED' && actorId !== null);
  if (signIns.length === 0) return [];
  const enabled = detectors.filter(({ id }) => !disabled.has(id));
  if (enabled.length === 0) return [];
  const people = new Map<string, Happened[]>();
  for (const event of signIns) {
    const personId = event.actorId ?? '';
    const own = people.get(personId) ?? [];
    people.set(personId, own);
    own.push(event);
  }
  const lookingPast = enabled.filter(({ looksPast }) => looksPast).map(({ id }) => id);
  const suppressions = lookingPast.length === 0 ? [] : await inForce(service, lookingPast);
  const founds: Found[] = [];
  for (const history of await historiesOf(service, people, turn)) {
    for (const detector of enabled) {
      const about = suppressions.filter(({ ruleId }) => ruleId === detector.id);
      const tuning = tuned.get(detector.id);
      founds.push(...(await judge(service, { ...history, detector, tuning, about, push })));
    }
  }
  return founds;
}

interface Judging extends Pick<UnitOfWork, 'push'>, History {
  detector: Detector;
  tuning: Tuning | undefined;
  /** What the detector is to look past. */
  about: readonly SuppressionRow[];
}

async function judge(service: Sentinel, given: Judging): Promise<Found[]> {
  const { detector, tuning, personId, isLate, push } = given;
  const { id, version, title, severity, techniques } = detector;
  const rule = { id, version: version + (tuning?.tunings ?? 0), title, severity, techniques };
  const ordered = await lookedAt(service, given);
  const from = reach(detector, ordered, given.from);
  const verdicts = detector.evaluate(ordered, tuning?.values).filter(({ signIn }) => signIn.at >= from);
  const founds = verdicts.map((verdict): Found => {
    const found = foundOf(verdict, personId);
    return { rule, ...found, added: found.evidence };
  });
  if (!isLate) return founds;
  const found = founds.map(({ evidence }) => evidence);
  const fallen = await withdrawEvidence(service, { ruleId: id, subject: personId, from, found, push });
  return [...founds, ...fallen.map((each) => ({ ...each, rule, added: each.evidence }))];
}

/** The sign-ins but those that the tenant suppressed. */
async function lookedAt(
  service: Sentinel,
  { ordered, about, isNew }: Pick<Judging, 'ordered' | 'about' | 'isNew'>,
): Promise<readonly SignIn[]> {
  if (about.length === 0) return ordered;
  const rows = await service.models.SecurityEvent.find({
    _id: { $in: ordered.map(({ id }) => id) },
  }).lean<SecurityEventRow[]>();
  const past = await lookedPast(service, { about, events: rows.map(happenedOf), isNew });
  return ordered.filter(({ id }) => !past.has(id));
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
