// Adding a passkey: proof of who sits there first, then the browser makes one.
import { publicOrigin } from '../../oidc/origin.ts';
import { readRegistration } from '../../passkeys/answers.ts';
import { addPasskey, registrationOptions } from '../../passkeys/registration.ts';
import { html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import { passkeyButton } from '../passkey-button.ts';
import { passkeyScriptPath } from '../passkey-script.ts';
import { newRecoveryCodesPage } from '../recovery-codes-page.ts';
import { en } from '../words/en.ts';
import { isProven } from './proof.ts';
import type { Visit } from './visit.ts';

const maximumNameLength = 60;
const refusals = {
  refused: 'That passkey could not be added. Try again, or use another device.',
  'too-many': 'You have as many passkeys as there can be. Remove one first.',
};

export async function addPasskeyPage(visit: Visit): Promise<void> {
  const { service, form, facts, request } = visit;
  if (form?.has('name')) {
    const answer = readRegistration(form.get('credential') ?? '');
    const name = form.get('name')?.trim().slice(0, maximumNameLength) || 'Passkey';
    const origin = publicOrigin(request);
    const outcome = answer === null ? null : await addPasskey(service, { answer, name, origin, facts });
    if (!outcome?.isAdded) return offer(visit, refusals[outcome?.reason ?? 'refused']);
    if (outcome.recoveryCodes === null) return visit.leave();
    const onward = html`<p><a href="/auth/account/security">I have kept them</a></p>`;
    return visit.show(newRecoveryCodesPage(outcome.recoveryCodes, onward));
  }
  const page = {
    title: 'Add a passkey',
    explanation: 'It signs you in by the fingerprint, face or PIN of your device, without a password.',
    action: 'Continue',
  };
  if (await isProven(visit, page)) await offer(visit, null);
}

async function offer(visit: Visit, error: string | null): Promise<void> {
  const { service, person, request, csrf } = visit;
  // Asked for only now that it is proven who sits there: without a challenge of ours no passkey is added.
  if (error !== null) return visit.show({ title: 'Error: Add a passkey', status: 401, body: again(error) });
  const options = await registrationOptions(service, { person, origin: publicOrigin(request) });
  visit.show({
    title: 'Add a passkey',
    script: passkeyScriptPath,
    body: html`<h1>Add a passkey</h1>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
<label for="name">What you call it, such as the device</label>
<input id="name" name="name" type="text" value="Passkey" maxlength="${maximumNameLength}" autocomplete="off" required autofocus>
<div class="actions">${passkeyButton({ name: 'Create the passkey', words: en, kind: 'create', options })}</div>
<noscript><p>Your browser has to run this page’s script to create a passkey. An authenticator app works without.</p></noscript>
</form>`,
  });
}

function again(error: string) {
  return html`<h1>Add a passkey</h1>
${errorSummary(error)}
<p><a href="/auth/account/security/add-passkey">Try again</a></p>`;
}
