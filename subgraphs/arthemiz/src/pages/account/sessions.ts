// Where a person is signed in, and ending it there.
import { endOtherSessions, endSessions } from '../../sessions/ending.ts';
import { sessionsOf } from '../../sessions/reading.ts';
import { programNames } from '../../sessions/resolvers.ts';
import { describeBrowser, type PersonSession, sessionIdOf } from '../../sessions/rules.ts';
import { type Html, html } from '../html.ts';
import type { Visit } from './visit.ts';

export async function sessionsPage(visit: Visit): Promise<void> {
  const { service, person, session, form } = visit;
  const currentId = sessionIdOf({ sessionUid: session.uid });
  if (form !== null) {
    await end(visit, { form, currentId });
    return visit.leave('/sessions');
  }
  const sessions = await sessionsOf(service, { personId: person._id });
  const others = sessions.filter(({ id }) => id !== currentId);
  visit.show({
    title: 'Where you are signed in',
    body: html`<h1>Where you are signed in</h1>
<p class="quiet">As ${person.email}. If you don’t know one of these, end it and <a href="/auth/account/security/change-password">change your password</a>.</p>
<ul class="plain">
${sessions.map((one) => sessionItem(visit, { one, isCurrent: one.id === currentId }))}</ul>
${
  others.length === 0
    ? null
    : html`<form method="post">
<input type="hidden" name="csrf" value="${visit.csrf}">
<div class="actions"><button type="submit" name="end" value="others">End all others</button></div>
</form>`
}
<p class="after"><a href="/auth/account/security">Security</a></p>`,
  });
}

/** This browser's own ends by signing out. */
async function end(
  { service, person }: Visit,
  { form, currentId }: { form: URLSearchParams; currentId: string },
): Promise<void> {
  const personId = person._id;
  const ending = { personId, endedBy: personId, reason: 'ended' } as const;
  const chosen = form.get('end');
  if (chosen === 'others') {
    await endOtherSessions(service, { personId, sessionId: currentId });
  } else if (chosen !== currentId) {
    await endSessions(service, { ...ending, isEnding: ({ sessionId }) => sessionId === chosen });
  }
}

function sessionItem(
  { service, csrf }: Visit,
  { one, isCurrent }: { one: PersonSession; isCurrent: boolean },
): Html {
  const programs = programNames(service.config, one.clientIds).join(', ');
  const browser = describeBrowser(one.userAgent);
  const name = browser === null ? programs : `${programs}: ${browser}`;
  return html`<li><p><strong>${name}</strong>${isCurrent ? ' (this browser)' : null}<br>
<span class="quiet">${one.network === null ? null : html`From ${one.network}. `}Signed in ${minuteOf(one.signedInAt)}, last used ${minuteOf(one.lastUsedAt)}.</span></p>
${
  isCurrent
    ? null
    : html`<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
<div class="actions"><button type="submit" name="end" value="${one.id}" class="plain" aria-label="End ${name}, signed in ${minuteOf(one.signedInAt)}">End</button></div>
</form>`
}</li>
`;
}

function minuteOf(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
