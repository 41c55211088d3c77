// What is said once a link was asked for: the same whoever has the address.
import { mailConfirmation, waitBeforeAsking } from '../../email-changes/requesting.ts';
import { html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import type { Visit } from './visit.ts';

/** Mails a link by which the person confirms the address, after an answer that is given before anybody looks who has it. */
export async function sendConfirmation(visit: Visit, to: string): Promise<void> {
  const { service, person, words, show } = visit;
  const said = words.account.email;
  const retryAfterSeconds = await waitBeforeAsking(service, person._id);
  if (retryAfterSeconds !== null) {
    const body = html`<h1>${said.title}</h1>
${errorSummary(said.tooMany)}
<p><a href="/auth/account/profile">${words.account.profile.title}</a></p>`;
    show({ status: 429, title: words.error(said.title), body }, { 'retry-after': String(retryAfterSeconds) });
    return;
  }
  show({
    title: said.sent,
    body: html`<h1>${said.sent}</h1>
<p>${said.sentLead(to)}</p>
${to === person.email ? null : html`<p>${said.until(person.email)}</p>`}
<p>${said.sentAdvice}</p>
<p><a href="/auth/account/profile">${words.account.profile.title}</a></p>`,
  });
  await mailConfirmation(service, { person, to, language: words.language }).catch((error: unknown) =>
    service.logger.error({ err: error }, 'a link to confirm an address was not mailed'),
  );
}
