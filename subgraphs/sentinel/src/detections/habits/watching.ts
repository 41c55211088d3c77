// Sign-ins go through the detectors, in the transaction that stores them. A sign-in that comes late changes the verdict on
// those after it: what is no longer found is taken back, so that findings stay a function of the events.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../../context.ts';
import type { Found } from '../../findings/recording.ts';
import { withdrawEvidence } from '../../findings/withdrawing.ts';
import type { Happened } from '../../security-events/ocsf.ts';
import type { InForce } from '../catalogue.ts';
import type { Turn } from '../turn.ts';
import { type Detector, detectors } from './detectors.ts';
import { type History, historiesOf } from './history.ts';

const personField = 'actor.user.uid';

interface Watching extends Pick<UnitOfWork, 'push'>, Pick<InForce, 'disabled'> {
  turn: Turn;
}

export async function watchHabits(
  service: Sentinel,
  events: readonly Happened[],
  { push, disabled, turn }: Watching,
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
  const founds: Found[] = [];
  for (const history of await historiesOf(service, people, turn))
    for (const detector of enabled) founds.push(...(await judge(service, { ...history, detector, push })));
  return founds;
}

interface Judging extends Pick<UnitOfWork, 'push'>, History {
  detector: Detector;
}

async function judge(service: Sentinel, given: Judging): Promise<Found[]> {
  const { detector, personId, ordered, from, isLate, push } = given;
  const { id, version, title, severity, techniques } = detector;
  const rule = { id, version, title, severity, techniques };
  const verdicts = detector.evaluate(ordered).filter(({ signIn }) => signIn.at >= from);
  if (isLate) {
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
