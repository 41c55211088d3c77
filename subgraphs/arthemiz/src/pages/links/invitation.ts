// The page of an invitation's link.
import { brandOf } from '../../branding/reading.ts';
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

export async function invitationPage(given: Visit): Promise<void> {
  const followed = await followLink(given.service, given.secret);
  if (followed === null) return showGone(given);
  const brand = await brandOf(given.service, followed.invitation.tenantId);
  const visit: Visit = { ...given, show: (page, headers) => given.show({ brand, ...page }, headers) };
  const { person } = followed;
  return person === null ? welcome(visit, followed) : recognize(visit, { ...followed, person });
}

/** Somebody new makes an account. */
async function welcome(visit: Visit, followed: FollowedInvitation): Promise<void> {
  const { form, service, words } = visit;
  if (form === null) return showWelcome(visit, followed, { name: '', error: null });
  const typed = form.get('name') ?? '';
  const name = displayName.safeParse(typed);
  const error = name.success
    ? refusalOf(form, { words, email: followed.invitation.email })
    : words.mailed.invitation.nameRefused;
  if (!name.success || error !== null) return showWelcome(visit, followed, { name: typed, error });
  const password = form.get('password') ?? '';
  const { invitation } = followed;
  const outcome = await acceptAsNew(service, {
    ...{ invitation, displayName: name.data, password },
    language: words.language,
  });
  // Another invitation of the same address was accepted at this moment: from now on they have an account.
  if (outcome === 'known') return invitationPage({ ...visit, form: null });
  return outcome === 'joined' ? showJoined(visit, followed) : showGone(visit);
}

/** Somebody who has an account shows that it is theirs: whoever reads their mails is not enough. */
async function recognize(
  visit: Visit,
  { person, ...followed }: FollowedInvitation & { person: PersonRow },
): Promise<void> {
  const { form, service, ipAddress, words } = visit;
  const { passwordMissing, passwordRefused: error } = words.mailed.invitation;
  const password = form?.get('password') ?? '';
  if (form === null) return showRecognition(visit, followed, { error: null });
  if (password === '' || password.length > 256)
    return showRecognition(visit, followed, { error: passwordMissing, status: 400 });
  const authentication = await authenticate(service, { email: person.email, password, ipAddress });
  if (!authentication.isAuthentic) {
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
  { show, words }: Visit,
  { tenantName, invitation: { email } }: Shown,
  { name, error }: { name: string; error: string | null },
): void {
  const said = words.mailed.invitation;
  const title = said.title(tenantName);
  show({
    status: error === null ? 200 : 400,
    title: error === null ? title : words.error(title),
    body: html`<h1>${title}</h1>
${error === null ? null : errorSummary(error)}
<p>${said.welcome(email)}</p>
<form method="post">
<label for="name">${said.name}</label>
<input id="name" name="name" type="text" value="${name.slice(0, 100)}" autocomplete="name" maxlength="100" required${name === '' ? html` autofocus` : null}>
${newPasswordFields({ words, email, isFocused: name !== '' })}
${submit(said.join)}
</form>`,
  });
}

function showRecognition(
  { show, words }: Visit,
  { tenantName, invitation: { email } }: Shown,
  {
    error,
    status = 200,
    headers,
  }: { error: string | null; status?: number; headers?: Record<string, string> },
): void {
  const said = words.mailed.invitation;
  const title = said.title(tenantName);
  const page = {
    status,
    title: error === null ? title : words.error(title),
    body: html`<h1>${title}</h1>
${error === null ? null : errorSummary(error)}
<p>${said.known(email)}</p>
<form method="post">
<input type="hidden" name="username" value="${email}" autocomplete="username">
<label for="password">${said.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required autofocus>
${submit(said.join)}
<p><a href="/auth/password/forgotten">${said.forgotten}</a></p>
</form>`,
  };
  show(page, headers);
}

function showJoined({ show, words }: Visit, { tenantName, invitation: { email } }: Shown): void {
  const said = words.mailed.invitation;
  show({
    title: said.joined,
    body: html`<h1>${said.joinedHeading(tenantName)}</h1>
<p>${said.joinedLead(email)}</p>
<p><a href="/">${said.goOn}</a></p>`,
  });
}

function showGone({ show, words }: Visit): void {
  const said = words.mailed.invitation;
  show({
    status: 410,
    title: said.gone,
    body: html`<h1>${said.goneHeading}</h1>
<p>${said.goneLead}</p>
<p>${said.goneAdvice}</p>
<p><a href="/">${words.signIn.title}</a></p>`,
  });
}

function submit(name: string): Html {
  return html`<div class="actions"><button type="submit">${name}</button></div>`;
}
