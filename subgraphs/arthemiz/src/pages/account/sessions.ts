// Where a person is signed in, and ending it there.
import { endOtherSessions, endSessions } from '../../sessions/ending.ts';
import { programNames } from '../../sessions/programs.ts';
import { sessionsOf } from '../../sessions/reading.ts';
import { describeBrowser, type PersonSession, sessionIdOf } from '../../sessions/rules.ts';
import { type Html, html } from '../html.ts';
import type { Visit } from './visit.ts';

export async function sessionsPage(visit: Visit): Promise<void> {
  const { service, person, session, form, words } = visit;
  const { sessions: said, security } = words.account;
  const currentId = sessionIdOf({ sessionUid: session.uid });
  if (form !== null) {
    await end(visit, { form, currentId });
    return visit.leave('/sessions');
  }
  const sessions = await sessionsOf(service, { personId: person._id });
  const others = sessions.filter(({ id }) => id !== currentId);
  const items = sessions.map((one) => sessionItem(visit, { one, isCurrent: one.id === currentId }));
  visit.show({
    title: said.title,
    body: html`<h1>${said.title}</h1>
<p class="quiet">${said.lead(person.email)} <a href="/auth/account/security/change-password">${said.changePassword}</a>.</p>
<ul class="plain">
${await Promise.all(items)}</ul>
${
  others.length === 0
    ? null
    : html`<form method="post">
<input type="hidden" name="csrf" value="${visit.csrf}">
<div class="actions"><button type="submit" name="end" value="others">${said.endOthers}</button></div>
</form>`
}
<p class="after"><a href="/auth/account/security">${security.title}</a></p>`,
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

async function sessionItem(
  { service, csrf, words }: Visit,
  { one, isCurrent }: { one: PersonSession; isCurrent: boolean },
): Promise<Html> {
  const programs = (await programNames(service, one.clientIds)).join(', ');
  const { sessions: said } = words.account;
  const browser = describeBrowser(one.userAgent, said.browser);
  const name = browser === null ? programs : `${programs}: ${browser}`;
  return html`<li><p><strong>${name}</strong>${isCurrent ? ` ${said.thisBrowser}` : null}<br>
<span class="quiet">${one.network === null ? null : html`${said.from(one.network)} `}${said.used(minuteOf(one.signedInAt), minuteOf(one.lastUsedAt))}</span></p>
${
  isCurrent
    ? null
    : html`<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
<div class="actions"><button type="submit" name="end" value="${one.id}" class="plain" aria-label="${said.endSession(name, minuteOf(one.signedInAt))}">${said.end}</button></div>
</form>`
}</li>
`;
}

function minuteOf(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
