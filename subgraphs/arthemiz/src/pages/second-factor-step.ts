// Second step, for those who have a second factor: do they hold it? Nobody comes here without the right password.
import { clientAddress } from '../oidc/origin.ts';
import { partsOf } from '../parts.ts';
import { checkSecondFactor } from '../second-factors/checking.ts';
import { heldFactors } from '../second-factors/held.ts';
import { tellSignInFailed } from '../sign-in/events.ts';
import { factsOf } from './enter-tenant.ts';
import { actions } from './forms.ts';
import { html } from './html.ts';
import { errorSummary } from './layout.ts';
import { passkeyScriptPath } from './passkey-script.ts';
import { signInPasskeyButton } from './passkey-step.ts';
import { passwordStep } from './password-step.ts';
import { goOn, type Progress } from './progress.ts';
import { codeFields, typedCode } from './second-factor-fields.ts';
import type { SignIn } from './sign-in-route.ts';

export async function secondFactorStep(
  signIn: SignIn,
  { personId, amr, federation }: Progress,
): Promise<void> {
  const { service, form, request } = signIn;
  const person = await service.models.Person.findOne({ _id: personId }).lean();
  if (person === null) return passwordStep({ ...signIn, form: null });
  if (form === null) return showSecondFactorPage(signIn, { personId, error: null });
  const code = typedCode(form);
  const { incomplete, refused, locked } = signIn.words.secondFactor;
  if (code === '') return showSecondFactorPage(signIn, { personId, error: incomplete, status: 400 });
  const check = await checkSecondFactor(service, { personId, code, ipAddress: clientAddress(request) });
  if (check.isRight) return goOn(signIn, { person, amr: [...amr, ...check.amr], federation });

  partsOf(service).metrics.signIns.inc({ outcome: check.reason });
  if (check.reason === 'throttled') {
    const headers = { 'retry-after': String(check.retryAfterSeconds) };
    const error = check.isLocked ? locked : refused;
    return showSecondFactorPage(signIn, { personId, error, status: 429, headers });
  }
  await showSecondFactorPage(signIn, { personId, error: refused, status: 401 });
  await tellSignInFailed(service, { ...factsOf(signIn, person.email), person, reason: check.reason });
}

interface Shown {
  personId: string;
  error: string | null;
  status?: number;
  headers?: Record<string, string>;
}

export async function showSecondFactorPage(
  signIn: SignIn,
  { personId, error, status = 200, headers }: Shown,
): Promise<void> {
  const { csrf, clientName, words } = signIn;
  const { title, passkey: name } = words.secondFactor;
  const held = await heldFactors(signIn.service, personId);
  const passkey = held.passkeys.length === 0 ? null : await signInPasskeyButton(signIn, { name, personId });
  const body = html`<h1>${title}</h1>
${error === null ? null : errorSummary(error)}
<p class="quiet">${words.goingOnTo(clientName)}</p>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
${codeFields(held, { isFocused: true, words })}
${actions(words, words.next)}
${passkey}
</form>`;
  const script = passkey === null ? {} : { script: passkeyScriptPath };
  const shownTitle = error === null ? title : words.error(title);
  signIn.show({ title: shownTitle, status, body, ...script }, headers);
}
