// A passkey in a sign-in: instead of the password, or as the second factor after it.
import { publicOrigin } from '../oidc/origin.ts';
import { partsOf } from '../parts.ts';
import { readAuthentication } from '../passkeys/answers.ts';
import { authenticationOptions, checkPasskey, type PasskeyRequest } from '../passkeys/authentication.ts';
import { tellSignInFailed } from '../sign-in/events.ts';
import { factsOf } from './enter-tenant.ts';
import type { Html } from './html.ts';
import { passkeyButton } from './passkey-button.ts';
import { showPasswordPage } from './password-step.ts';
import { goOn, type Progress } from './progress.ts';
import { showSecondFactorPage } from './second-factor-step.ts';
import type { SignIn } from './sign-in-route.ts';

export async function passkeyStep(signIn: SignIn, progress: Progress | null): Promise<void> {
  const { service, form } = signIn;
  // At a later question somebody went back to begin anew.
  const earlier = progress?.awaits === 'second-factor' ? progress : null;
  const answer = readAuthentication(form?.get('credential') ?? '');
  const request = requestOf(signIn, { personId: earlier?.personId ?? null });
  const check = answer === null ? null : await checkPasskey(service, { ...request, answer });
  const personId = check?.personId ?? null;
  const person = personId === null ? null : await service.models.Person.findOne({ _id: personId }).lean();
  if (check?.isRight && person !== null) {
    const federation = earlier?.federation ?? null;
    return goOn(signIn, { person, amr: [...(earlier?.amr ?? []), ...check.amr], federation });
  }
  partsOf(service).metrics.signIns.inc({ outcome: 'wrong-passkey' });
  const refused = signIn.words.signIn.passkeyRefused;
  if (earlier === null) await showPasswordPage(signIn, { email: '', error: refused, status: 401 });
  else await showSecondFactorPage(signIn, { personId: earlier.personId, error: refused, status: 401 });
  if (person === null) return;
  await tellSignInFailed(service, { ...factsOf(signIn, person.email), person, reason: 'wrong-passkey' });
}

/** The button for a page of the sign-in. */
export async function signInPasskeyButton(
  signIn: SignIn,
  { name, personId }: { name: string; personId: string | null },
): Promise<Html> {
  const options = await authenticationOptions(signIn.service, requestOf(signIn, { personId }));
  return passkeyButton({ name, words: signIn.words, kind: 'get', options });
}

function requestOf(
  { request, interaction }: SignIn,
  { personId }: { personId: string | null },
): PasskeyRequest {
  return { origin: publicOrigin(request), purpose: `sign-in:${interaction.uid}`, personId };
}
