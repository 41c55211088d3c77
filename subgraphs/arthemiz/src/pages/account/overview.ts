// How a person signs in, and what they can change about it.
import type { PasskeyRow } from '../../passkeys/model.ts';
import { hasSecondFactor, heldFactors } from '../../second-factors/held.ts';
import { type Html, html } from '../html.ts';
import type { Visit } from './visit.ts';

export async function overviewPage(visit: Visit): Promise<void> {
  const { service, person } = visit;
  const held = await heldFactors(service, person._id);
  const { appSince, passkeys, recoveryCodesLeft } = held;
  visit.show({
    title: 'Security',
    body: html`<h1>Security</h1>
<p class="quiet">How ${person.email} signs in</p>
<p><a href="/auth/account/sessions">Where you are signed in</a></p>
<h2>Password</h2>
<p><a href="/auth/account/security/change-password">Change the password</a></p>
<h2>Authenticator app</h2>
${
  appSince === null
    ? html`<p>With an app on your phone, a stolen password is not enough to sign in as you.</p>
<p><a href="/auth/account/security/add-app">Add an authenticator app</a></p>`
    : html`<p>You are asked for a code of your app since ${dayOf(appSince)}.</p>
<p><a href="/auth/account/security/remove-app">Remove the authenticator app</a></p>`
}
<h2>Passkeys</h2>
${passkeys.length === 0 ? html`<p>A passkey signs you in by the fingerprint, face or PIN of your device.</p>` : null}
<ul class="plain">
${passkeys.map(passkeyItem)}</ul>
<p><a href="/auth/account/security/add-passkey">Add a passkey</a></p>
${
  !hasSecondFactor(held)
    ? null
    : html`<h2>Recovery codes</h2>
<p>${recoveryCodesLeft} left. Each lets you in once without your second factor.</p>
<p><a href="/auth/account/security/recovery-codes">Make new recovery codes</a></p>`
}`,
  });
}

function passkeyItem({ _id, name, createdAt, lastUsedAt }: PasskeyRow): Html {
  const used = lastUsedAt ? `last used ${dayOf(lastUsedAt)}` : 'not used yet';
  return html`<li>${name}, added ${dayOf(createdAt)}, ${used}.
<a href="/auth/account/security/remove-passkey?id=${encodeURIComponent(_id)}" aria-label="Remove the passkey ${name}">Remove</a></li>
`;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
