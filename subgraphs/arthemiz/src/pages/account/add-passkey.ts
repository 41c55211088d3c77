// Adding a passkey: proof of who sits there first, then the browser makes one.
import { publicOrigin } from '../../oidc/origin.ts';
import { readRegistration } from '../../passkeys/answers.ts';
import { addPasskey, registrationOptions } from '../../passkeys/registration.ts';
import { html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import { passkeyButton } from '../passkey-button.ts';
import { passkeyScriptPath } from '../passkey-script.ts';
import { newRecoveryCodesPage } from '../recovery-codes-page.ts';
import type { Words } from '../words/words.ts';
import { isProven } from './proof.ts';
import type { Visit } from './visit.ts';

const maximumNameLength = 60;

export async function addPasskeyPage(visit: Visit): Promise<void> {
  const { service, form, facts, request, words } = visit;
  const { title, explanation, unnamed, refusals } = words.account.addPasskey;
  if (form?.has('name')) {
    const answer = readRegistration(form.get('credential') ?? '');
    const name = form.get('name')?.trim().slice(0, maximumNameLength) || unnamed;
    const origin = publicOrigin(request);
    const outcome = answer === null ? null : await addPasskey(service, { answer, name, origin, facts });
    if (!outcome?.isAdded) return offer(visit, refusals[outcome?.reason ?? 'refused']);
    if (outcome.recoveryCodes === null) return visit.leave();
    const onward = html`<p><a href="/auth/account/security">${words.account.recoveryCodes.kept}</a></p>`;
    return visit.show(newRecoveryCodesPage(outcome.recoveryCodes, { words, onward }));
  }
  const page = { title, explanation, action: words.next };
  if (await isProven(visit, page)) await offer(visit, null);
}

async function offer(visit: Visit, error: string | null): Promise<void> {
  const { service, person, request, csrf, words } = visit;
  const said = words.account.addPasskey;
  // Asked for only now that it is proven who sits there: without a challenge of ours no passkey is added.
  if (error !== null)
    return visit.show({ title: words.error(said.title), status: 401, body: again(words, error) });
  const options = await registrationOptions(service, { person, origin: publicOrigin(request) });
  visit.show({
    title: said.title,
    script: passkeyScriptPath,
    body: html`<h1>${said.title}</h1>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
<label for="name">${said.name}</label>
<input id="name" name="name" type="text" value="${said.unnamed}" maxlength="${maximumNameLength}" autocomplete="off" required autofocus>
<div class="actions">${passkeyButton({ name: said.create, words, kind: 'create', options })}</div>
<noscript><p>${said.script}</p></noscript>
</form>`,
  });
}

function again({ account: { addPasskey: said } }: Words, error: string) {
  return html`<h1>${said.title}</h1>
${errorSummary(error)}
<p><a href="/auth/account/security/add-passkey">${said.again}</a></p>`;
}
