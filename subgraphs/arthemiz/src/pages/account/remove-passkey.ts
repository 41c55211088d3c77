import { removePasskey } from '../../passkeys/registration.ts';
import { heldFactors } from '../../second-factors/held.ts';
import { isProven } from './proof.ts';
import type { Visit } from './visit.ts';

/** Takes the passkey that the address names away, after proof by the password and a factor. */
export async function removePasskeyPage(visit: Visit): Promise<void> {
  const { service, person, query, facts, words } = visit;
  const { removePasskey: said, security } = words.account;
  const { passkeys } = await heldFactors(service, person._id);
  const passkey = passkeys.find(({ _id }) => _id === query.get('id'));
  if (passkey === undefined) return visit.leave();
  const page = {
    title: said.title,
    explanation: said.explanation(passkey.name),
    action: security.remove,
  };
  if (!(await isProven(visit, page))) return;
  await removePasskey(service, { passkeyId: passkey._id, facts });
  visit.leave();
}
