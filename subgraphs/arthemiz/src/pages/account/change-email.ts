// Asking for another e-mail address.
import { hindranceOf } from '../../email-changes/hindrances.ts';
import { canSendMail } from '../../mail/queueing.ts';
import { emailAddress } from '../../people/rules.ts';
import { html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import { sendConfirmation } from './mail-sent.ts';
import { isProven } from './proof.ts';
import type { Visit } from './visit.ts';

/** Mails a link to the new address, after proof by the password and a factor. Until it is opened nothing changes. */
export async function changeEmailPage(visit: Visit): Promise<void> {
  const { service, person, form, words } = visit;
  const said = words.account.email;
  const hindrance = await hindranceOf(service, { from: person.email, to: '' });
  if (hindrance !== null) return refuse(visit, { reason: said.hindrances[hindrance], status: 403 });
  if (!canSendMail(service)) return refuse(visit, { reason: said.noMail, status: 503 });
  const typed = form?.get('email') ?? '';
  const email = emailAddress.safeParse(typed);
  const page = {
    title: said.title,
    explanation: said.explanation(person.email),
    action: said.send,
    cancelTo: '/auth/account/profile',
    fields: html`<label for="email">${said.newAddress}</label>
<input id="email" name="email" type="email" value="${typed.slice(0, 254)}" autocomplete="email" maxlength="254" required>`,
    problem: form === null ? null : await problemOf(visit, email.data ?? null),
  };
  if (!(await isProven(visit, page)) || !email.success) return;
  await sendConfirmation(visit, email.data);
}

/** What is wrong with the typed address. Whether somebody has it is not told here. */
async function problemOf({ service, person, words }: Visit, email: string | null): Promise<string | null> {
  const said = words.account.email;
  if (email === null) return said.incomplete;
  if (email === person.email) return said.same;
  const hindrance = await hindranceOf(service, { from: person.email, to: email });
  return hindrance === null ? null : said.hindrances[hindrance];
}

function refuse({ words, show }: Visit, { reason, status }: { reason: string; status: number }): void {
  const { email, profile } = words.account;
  show({
    status,
    title: email.title,
    body: html`<h1>${email.title}</h1>
${errorSummary(reason)}
<p><a href="/auth/account/profile">${profile.title}</a></p>`,
  });
}
