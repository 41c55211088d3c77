// The page of a link by which somebody chooses a new password.
import { personOfLink, resetPassword } from '../../passwords/resetting.ts';
import type { PersonRow } from '../../people/model.ts';
import { html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import { newPasswordFields, refusalOf } from './new-password.ts';
import type { Visit } from './visit.ts';

export async function resetPage(visit: Visit): Promise<void> {
  const { service, secret, form, ipAddress, userAgent, words } = visit;
  const person = await personOfLink(service, secret);
  if (person === null) return showGone(visit);
  if (form === null) return showForm(visit, { person, error: null });
  const error = refusalOf(form, { words, email: person.email });
  if (error !== null) return showForm(visit, { person, error });
  const password = form.get('password') ?? '';
  const isSet = await resetPassword(service, { person, password, secret, ipAddress, userAgent });
  return isSet ? showDone(visit) : showGone(visit);
}

function showForm(
  { show, words }: Visit,
  { person, error }: { person: PersonRow; error: string | null },
): void {
  const said = words.mailed.reset;
  show({
    status: error === null ? 200 : 400,
    title: error === null ? said.title : words.error(said.title),
    body: html`<h1>${said.title}</h1>
${error === null ? null : errorSummary(error)}
<p>${said.lead(person.email)}</p>
<form method="post">
${newPasswordFields({ words, email: person.email, isFocused: true })}
<div class="actions"><button type="submit">${said.change}</button></div>
</form>`,
  });
}

function showDone({ show, words }: Visit): void {
  const said = words.mailed.reset;
  show({
    title: said.done,
    body: html`<h1>${said.doneHeading}</h1>
<p>${said.doneLead} <a href="/">${said.signIn}</a></p>`,
  });
}

function showGone({ show, words }: Visit): void {
  const said = words.mailed.reset;
  show({
    status: 410,
    title: said.gone,
    body: html`<h1>${said.goneHeading}</h1>
<p>${said.goneLead}</p>
<p><a href="/auth/password/forgotten">${said.another}</a></p>`,
  });
}
