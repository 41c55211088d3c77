// For those who have no second factor and enter a tenant that asks for one: they add an authenticator app first.
import { confirmApp, isAppConfirmation, offerApp } from './app-enrolment.ts';
import { enterTenant, factsOf } from './enter-tenant.ts';
import { actions } from './forms.ts';
import { html } from './html.ts';
import { passwordStep } from './password-step.ts';
import { type Entry, goOn, keep } from './progress.ts';
import { newRecoveryCodesPage } from './recovery-codes-page.ts';
import type { SignIn } from './sign-in-route.ts';

export async function enrolmentStep(
  signIn: SignIn,
  { personId, amr, federation, tenantId }: Entry,
): Promise<void> {
  const { service, form, csrf, words } = signIn;
  const person = await service.models.Person.findOne({ _id: personId }).lean();
  if (person === null) return passwordStep({ ...signIn, form: null });
  if (!isAppConfirmation(form)) {
    const introduction = words.account.enrolment.required;
    return signIn.show(offerApp(service, { person, csrf, words, introduction }));
  }
  const { ipAddress, userAgent } = factsOf(signIn, person.email);
  const outcome = await confirmApp(service, { form, csrf, words, facts: { person, ipAddress, userAgent } });
  if ('page' in outcome) return signIn.show(outcome.page);
  // Another browser was faster. Whoever sits here has yet to show that they hold what it added.
  if (!outcome.isAdded) return goOn(signIn, { person, amr, federation });
  const proven = [...amr, 'otp', 'mfa'];
  if (outcome.recoveryCodes === null)
    return enterTenant(signIn, { person, amr: proven, federation, tenantId });
  await keep(signIn, { personId, amr: proven, federation, awaits: 'entry', tenantId });
  const onward = html`<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
${actions(words, words.account.recoveryCodes.kept)}
</form>`;
  signIn.show(newRecoveryCodesPage(outcome.recoveryCodes, { words, onward }));
}

/** After the recovery codes were shown. */
export async function entryStep(
  signIn: SignIn,
  { personId, amr, federation, tenantId }: Entry,
): Promise<void> {
  const person = await signIn.service.models.Person.findOne({ _id: personId }).lean();
  if (person === null) return passwordStep({ ...signIn, form: null });
  return enterTenant(signIn, { person, amr, federation, tenantId });
}
