// Asking for a link by which to choose a new password.
import { canSendMail } from '../../mail/queueing.ts';
import { mailReset } from '../../passwords/resetting.ts';
import { admitAttempt } from '../../passwords/throttle.ts';
import { emailAddress } from '../../people/rules.ts';
import { html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import type { Visit } from './visit.ts';

export async function forgottenPage(visit: Visit): Promise<void> {
  const { service, form, show, ipAddress, words } = visit;
  const said = words.mailed.forgotten;
  if (!canSendMail(service)) return showNoMail(visit);
  if (form === null) return showForm(visit, { typed: '', error: null });
  const typed = form.get('email') ?? '';
  const email = emailAddress.safeParse(typed);
  if (!email.success) return showForm(visit, { typed, error: said.incomplete });
  // Counted apart from sign-ins, so that asking for links keeps nobody from signing in.
  const admission = await admitAttempt(service, { email: `reset:${email.data}`, ipAddress });
  if (!admission.isAdmitted) {
    const headers = { 'retry-after': String(admission.retryAfterSeconds) };
    return showForm(visit, { typed, error: said.tooMany, status: 429, headers });
  }
  show({
    title: said.sent,
    body: html`<h1>${said.sent}</h1>
<p>${said.sentLead(email.data)}</p>
<p>${said.sentAdvice}</p>`,
  });
  // After the answer, which so is the same and takes as long for an address that nobody has.
  await mailReset(service, { email: email.data, language: words.language }).catch((error: unknown) =>
    service.logger.error({ err: error }, 'a link for a new password was not mailed'),
  );
}

interface Shown {
  typed: string;
  error: string | null;
  status?: number;
  headers?: Record<string, string>;
}

function showForm({ show, words }: Visit, { typed, error, status, headers }: Shown): void {
  const said = words.mailed.forgotten;
  const page = {
    status: status ?? (error === null ? 200 : 400),
    title: error === null ? said.title : words.error(said.title),
    body: html`<h1>${said.title}</h1>
${error === null ? null : errorSummary(error)}
<p>${said.lead}</p>
<form method="post">
<label for="email">${words.signIn.email}</label>
<input id="email" name="email" type="email" value="${typed.slice(0, 254)}" autocomplete="username" maxlength="254" required autofocus>
<div class="actions"><button type="submit">${said.send}</button></div>
</form>`,
  };
  show(page, headers);
}

function showNoMail({ show, words }: Visit): void {
  const said = words.mailed.forgotten;
  show({
    status: 503,
    title: said.title,
    body: html`<h1>${said.title}</h1>
${errorSummary(said.noMail)}
<p>${said.noMailAdvice}</p>`,
  });
}
