// Second step, for those who have a second factor: do they hold it? Nobody comes here without the right password.
import { clientAddress } from '../oidc/origin.ts';
import { partsOf } from '../parts.ts';
import { checkSecondFactor } from '../second-factors/checking.ts';
import { tellSignInFailed } from '../sign-in/events.ts';
import { factsOf } from './enter-tenant.ts';
import { actions } from './forms.ts';
import { type Html, html } from './html.ts';
import { errorSummary } from './layout.ts';
import { passwordStep } from './password-step.ts';
import { goOn, type Progress } from './progress.ts';
import { codeFields, typedCode } from './second-factor-fields.ts';
import type { SignIn } from './sign-in-route.ts';

const refused =
  'That code did not work, or there were too many attempts. Each code works once. Wait for the next one and try again.';

export async function secondFactorStep(signIn: SignIn, { personId, amr }: Progress): Promise<void> {
  const { service, form, request } = signIn;
  const person = await service.models.Person.findOne({ _id: personId }).lean();
  if (person === null) return passwordStep({ ...signIn, form: null });
  if (form === null) return show(signIn, { error: null });
  const code = typedCode(form);
  if (code === '') return show(signIn, { error: 'Enter a code.', status: 400 });
  const check = await checkSecondFactor(service, { personId, code, ipAddress: clientAddress(request) });
  if (check.isRight) return goOn(signIn, { person, amr: [...amr, ...check.amr] });

  partsOf(service).metrics.signIns.inc({ outcome: check.reason });
  if (check.reason === 'throttled') {
    const headers = { 'retry-after': String(check.retryAfterSeconds) };
    return show(signIn, { error: refused, status: 429, headers });
  }
  show(signIn, { error: refused, status: 401 });
  await tellSignInFailed(service, { ...factsOf(signIn, person.email), person, reason: check.reason });
}

interface Shown {
  error: string | null;
  status?: number;
  headers?: Record<string, string>;
}

function show(signIn: SignIn, { error, status = 200, headers }: Shown): void {
  const title = error === null ? 'Confirm that it is you' : 'Error: Confirm that it is you';
  signIn.show({ title, status, body: secondFactorForm(signIn, error) }, headers);
}

function secondFactorForm({ csrf, clientName }: SignIn, error: string | null): Html {
  return html`<h1>Confirm that it is you</h1>
${error === null ? null : errorSummary(error)}
<p class="quiet">to continue to ${clientName}</p>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
${codeFields({ isFocused: true })}
${actions('Continue')}
</form>`;
}
