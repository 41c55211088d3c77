// The page of a link by which somebody chooses a new password.
import { personOfLink, resetPassword } from '../../passwords/resetting.ts';
import type { PersonRow } from '../../people/model.ts';
import { html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import { newPasswordFields, refusalOf } from './new-password.ts';
import type { Visit } from './visit.ts';

export async function resetPage(visit: Visit): Promise<void> {
  const { service, secret, form, ipAddress, userAgent } = visit;
  const person = await personOfLink(service, secret);
  if (person === null) return showGone(visit);
  if (form === null) return showForm(visit, { person, error: null });
  const error = refusalOf(form, { email: person.email });
  if (error !== null) return showForm(visit, { person, error });
  const password = form.get('password') ?? '';
  const isSet = await resetPassword(service, { person, password, secret, ipAddress, userAgent });
  return isSet ? showDone(visit) : showGone(visit);
}

function showForm({ show }: Visit, { person, error }: { person: PersonRow; error: string | null }): void {
  show({
    status: error === null ? 200 : 400,
    title: error === null ? 'Choose a new password' : 'Error: Choose a new password',
    body: html`<h1>Choose a new password</h1>
${error === null ? null : errorSummary(error)}
<p>For ${person.email}. Whoever is signed in to this account will be signed out everywhere.</p>
<form method="post">
${newPasswordFields({ email: person.email, isFocused: true })}
<div class="actions"><button type="submit">Change the password</button></div>
</form>`,
  });
}

function showDone({ show }: Visit): void {
  show({
    title: 'Password changed',
    body: html`<h1>Your password is changed</h1>
<p>You are signed out everywhere. <a href="/">Sign in</a> with the new one.</p>`,
  });
}

function showGone({ show }: Visit): void {
  show({
    status: 410,
    title: 'Link ended',
    body: html`<h1>This link has ended</h1>
<p>It was used already, or is older than half an hour.</p>
<p><a href="/auth/password/forgotten">Ask for another one</a></p>`,
  });
}
