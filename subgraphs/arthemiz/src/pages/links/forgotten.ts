// Asking for a link by which to choose a new password.
import { canSendMail } from '../../mail/queueing.ts';
import { mailReset } from '../../passwords/resetting.ts';
import { admitAttempt } from '../../passwords/throttle.ts';
import { emailAddress } from '../../people/rules.ts';
import { html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import type { Visit } from './visit.ts';

export async function forgottenPage(visit: Visit): Promise<void> {
  const { service, form, show, ipAddress } = visit;
  if (!canSendMail(service)) return showNoMail(visit);
  if (form === null) return showForm(visit, { typed: '', error: null });
  const typed = form.get('email') ?? '';
  const email = emailAddress.safeParse(typed);
  if (!email.success) return showForm(visit, { typed, error: 'Enter your e-mail address.' });
  // Counted apart from sign-ins, so that asking for links keeps nobody from signing in.
  const admission = await admitAttempt(service, { email: `reset:${email.data}`, ipAddress });
  if (!admission.isAdmitted) {
    const headers = { 'retry-after': String(admission.retryAfterSeconds) };
    const error = 'There were too many requests. Wait a minute and try again.';
    return showForm(visit, { typed, error, status: 429, headers });
  }
  show({
    title: 'Look into your mails',
    body: html`<h1>Look into your mails</h1>
<p>If ${email.data} has an account here, a mail with a link is on its way. The link works for half an hour.</p>
<p>Nothing there? Look among unwanted mails, and check the address for mistakes.</p>`,
  });
  // After the answer, which so is the same and takes as long for an address that nobody has.
  await mailReset(service, email.data).catch((error: unknown) =>
    service.logger.error({ err: error }, 'a link for a new password was not mailed'),
  );
}

interface Shown {
  typed: string;
  error: string | null;
  status?: number;
  headers?: Record<string, string>;
}

function showForm({ show }: Visit, { typed, error, status, headers }: Shown): void {
  const page = {
    status: status ?? (error === null ? 200 : 400),
    title: error === null ? 'Forgotten password' : 'Error: Forgotten password',
    body: html`<h1>Forgotten password</h1>
${error === null ? null : errorSummary(error)}
<p>We mail you a link by which you choose a new one.</p>
<form method="post">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" value="${typed.slice(0, 254)}" autocomplete="username" maxlength="254" required autofocus>
<div class="actions"><button type="submit">Send the link</button></div>
</form>`,
  };
  show(page, headers);
}

function showNoMail({ show }: Visit): void {
  show({
    status: 503,
    title: 'Forgotten password',
    body: html`<h1>Forgotten password</h1>
${errorSummary('This installation sends no mails, so it can mail you no link.')}
<p>Ask those who run it for help.</p>`,
  });
}
