// How a person signs in, and what they can change about it.
import { heldFactors } from '../../second-factors/held.ts';
import { html } from '../html.ts';
import type { Visit } from './visit.ts';

export async function overviewPage(visit: Visit): Promise<void> {
  const { service, person } = visit;
  const { appSince, recoveryCodesLeft } = await heldFactors(service, person._id);
  visit.show({
    title: 'Security',
    body: html`<h1>Security</h1>
<p class="quiet">How ${person.email} signs in</p>
<h2>Authenticator app</h2>
${
  appSince === null
    ? html`<p>With an app on your phone, a stolen password is not enough to sign in as you.</p>
<p><a href="/auth/account/security/add-app">Add an authenticator app</a></p>`
    : html`<p>You are asked for a code of your app since ${dayOf(appSince)}.</p>
<p><a href="/auth/account/security/remove-app">Remove the authenticator app</a></p>`
}
${
  appSince === null
    ? null
    : html`<h2>Recovery codes</h2>
<p>${recoveryCodesLeft} left. Each lets you in once without your second factor.</p>
<p><a href="/auth/account/security/recovery-codes">Make new recovery codes</a></p>`
}`,
  });
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
