// A person deletes their account (GDPR, article 17), after proof and by typing its address.
import { deleteAccount, tenantsNeeding } from '../../personal-data/deleting.ts';
import { html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import { isProven } from './proof.ts';
import type { Visit } from './visit.ts';

export async function deletePage(visit: Visit): Promise<void> {
  const { service, person, form, words } = visit;
  const said = words.personal.deletion;
  const needed = await tenantsNeeding(service, person._id);
  if (needed.length > 0) return showNeeded(visit, needed);
  const typed = (form?.get('confirmation') ?? '').trim().toLowerCase();
  const page = {
    title: said.title,
    explanation: said.explanation,
    action: said.action,
    fields: html`<h2>${said.goes.title}</h2>
<ul>${said.goes.items.map((item) => html`<li>${item}</li>`)}</ul>
<h2>${said.stays.title}</h2>
<ul>${said.stays.items.map((item) => html`<li>${item}</li>`)}</ul>
<p><a href="/auth/account/data">${words.personal.data.title}</a></p>
<label for="confirmation">${said.confirmation(person.email)}</label>
<input id="confirmation" name="confirmation" type="text" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="254" required>`,
    problem: form === null || typed === person.email ? null : said.wrongConfirmation,
  };
  if (!(await isProven(visit, page))) return;
  const deletion = await deleteAccount(service, person);
  // Somebody else left one of their tenants meanwhile.
  if (deletion.outcome === 'needed') return showNeeded(visit, deletion.tenantNames);
  visit.show({
    title: said.done,
    body: html`<h1>${said.done}</h1>
<p>${said.doneLead}</p>`,
  });
}

function showNeeded({ show, words }: Visit, tenantNames: readonly string[]): void {
  const said = words.personal.deletion;
  show({
    status: 409,
    title: said.title,
    body: html`<h1>${said.title}</h1>
${errorSummary(said.needed)}
<ul>${tenantNames.map((name) => html`<li>${name}</li>`)}</ul>
<p>${said.neededAdvice}</p>
<p><a href="/auth/account/security">${words.account.security.title}</a></p>`,
  });
}
