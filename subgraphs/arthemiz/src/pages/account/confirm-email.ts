// The page of a link that was mailed to an address. A look at it changes nothing: mail servers follow links, too.
import { type Confirmation, confirmationOf, confirmEmail } from '../../email-changes/confirming.ts';
import { html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import type { Visit } from './visit.ts';

export async function confirmEmailPage(visit: Visit): Promise<void> {
  const { service, person, form, facts, csrf, query, words, show, leave } = visit;
  const said = words.account.email;
  const confirmation: Confirmation = { ...facts, secret: query.get('link') ?? '' };
  const change = await confirmationOf(service, confirmation);
  if (change === null) return refuse(visit, { reason: said.gone(person.email), status: 410 });
  if (form === null) {
    const { from, to } = change;
    return show({
      title: said.confirm,
      body: html`<h1>${said.confirm}</h1>
<p>${from === to ? said.confirmOwn(to) : said.confirmNew(from, to)}</p>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
<div class="actions">
<button type="submit" autofocus>${said.confirm}</button>
<a href="/auth/account/profile">${words.cancel}</a>
</div>
</form>`,
    });
  }
  const outcome = await confirmEmail(service, confirmation);
  if (outcome === 'confirmed') return leave('/profile?saved');
  if (outcome === 'taken') return refuse(visit, { reason: said.taken, status: 409 });
  refuse(visit, { reason: said.gone(person.email), status: 410 });
}

function refuse({ words, show }: Visit, { reason, status }: { reason: string; status: number }): void {
  const { email, profile } = words.account;
  show({
    status,
    title: words.error(email.confirm),
    body: html`<h1>${email.confirm}</h1>
${errorSummary(reason)}
<p><a href="/auth/account/profile">${profile.title}</a></p>`,
  });
}
