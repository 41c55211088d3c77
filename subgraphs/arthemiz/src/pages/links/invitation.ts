// The page of an invitation's link.
import {
  acceptAsNew,
  acceptAsPerson,
  type FollowedInvitation,
  followLink,
} from '../../invitations/accepting.ts';
import { authenticate } from '../../passwords/authentication.ts';
import type { PersonRow } from '../../people/model.ts';
import { displayName } from '../../people/rules.ts';
import { type Html, html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import { newPasswordFields, refusalOf } from './new-password.ts';
import type { Visit } from './visit.ts';

export async function invitationPage(visit: Visit): Promise<void> {
  const followed = await followLink(visit.service, visit.secret);
  if (followed === null) return showGone(visit);
  const { person } = followed;
  return person === null ? welcome(visit, followed) : recognize(visit, { ...followed, person });
}

/** Somebody new makes an account. */
async function welcome(visit: Visit, followed: FollowedInvitation): Promise<void> {
  const { form, service } = visit;
  if (form === null) return showWelcome(visit, followed, { name: '', error: null });
  const typed = form.get('name') ?? '';
  const name = displayName.safeParse(typed);
  const error = name.success
    ? refusalOf(form, { email: followed.invitation.email })
    : 'Enter your name, as others here shall see it: 1 to 100 characters.';
  if (!name.success || error !== null) return showWelcome(visit, followed, { name: typed, error });
  const password = form.get('password') ?? '';
  const { invitation } = followed;
  const outcome = await acceptAsNew(service, { invitation, displayName: name.data, password });
  // Another invitation of the same address was accepted at this moment: from now on they have an account.
  if (outcome === 'known') return invitationPage({ ...visit, form: null });
  return outcome === 'joined' ? showJoined(visit, followed) : showGone(visit);
}

/** Somebody who has an account shows that it is theirs: whoever reads their mails is not enough. */
async function recognize(
  visit: Visit,
  { person, ...followed }: FollowedInvitation & { person: PersonRow },
): Promise<void> {
  const { form, service, ipAddress } = visit;
  const password = form?.get('password') ?? '';
  if (form === null) return showRecognition(visit, followed, { error: null });
  if (password === '' || password.length > 256)
    return showRecognition(visit, followed, { error: 'Enter your password.', status: 400 });
  const authentication = await authenticate(service, { email: person.email, password, ipAddress });
  if (!authentication.isAuthentic) {
    const error = 'That password did not work, or there were too many attempts. Wait a minute and try again.';
    if (authentication.reason !== 'throttled')
      return showRecognition(visit, followed, { error, status: 401 });
    const headers = { 'retry-after': String(authentication.retryAfterSeconds) };
    return showRecognition(visit, followed, { error, status: 429, headers });
  }
  const outcome = await acceptAsPerson(service, { invitation: followed.invitation, person });
  return outcome === 'joined' ? showJoined(visit, followed) : showGone(visit);
}

type Shown = Omit<FollowedInvitation, 'person'>;

function showWelcome(
  { show }: Visit,
  { tenantName, invitation: { email } }: Shown,
  { name, error }: { name: string; error: string | null },
): void {
  show({
    status: error === null ? 200 : 400,
    title: titled(`Join ${tenantName}`, error),
    body: html`<h1>Join ${tenantName}</h1>
${error === null ? null : errorSummary(error)}
<p>You are invited as ${email}. Make an account to join.</p>
<form method="post">
<label for="name">Your name</label>
<input id="name" name="name" type="text" value="${name.slice(0, 100)}" autocomplete="name" maxlength="100" required${name === '' ? html` autofocus` : null}>
${newPasswordFields({ email, isFocused: name !== '' })}
${submit('Join')}
</form>`,
  });
}

function showRecognition(
  { show }: Visit,
  { tenantName, invitation: { email } }: Shown,
  {
    error,
    status = 200,
    headers,
  }: { error: string | null; status?: number; headers?: Record<string, string> },
): void {
  const page = {
    status,
    title: titled(`Join ${tenantName}`, error),
    body: html`<h1>Join ${tenantName}</h1>
${error === null ? null : errorSummary(error)}
<p>You are invited as ${email}, and you have an account here. Enter its password to join.</p>
<form method="post">
<input type="hidden" name="username" value="${email}" autocomplete="username">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required autofocus>
${submit('Join')}
<p><a href="/auth/password/forgotten">I have forgotten it</a></p>
</form>`,
  };
  show(page, headers);
}

function showJoined({ show }: Visit, { tenantName, invitation: { email } }: Shown): void {
  show({
    title: 'You have joined',
    body: html`<h1>You have joined ${tenantName}</h1>
<p>Sign in as ${email} from now on.</p>
<p><a href="/">Go on</a></p>`,
  });
}

function showGone({ show }: Visit): void {
  show({
    status: 410,
    title: 'Invitation ended',
    body: html`<h1>This invitation has ended</h1>
<p>It was accepted already, was taken back, or is older than a week.</p>
<p>If you have joined, <a href="/">sign in</a>. If not, ask whoever invited you for another one.</p>`,
  });
}

function submit(name: string): Html {
  return html`<div class="actions"><button type="submit">${name}</button></div>`;
}

function titled(title: string, error: string | null): string {
  return error === null ? title : `Error: ${title}`;
}
