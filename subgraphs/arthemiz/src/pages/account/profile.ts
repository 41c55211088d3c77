// What a person is called here, the language they read, and their e-mail address.
import { hindranceOf } from '../../email-changes/hindrances.ts';
import { canSendMail } from '../../mail/queueing.ts';
import { changeProfile } from '../../people/changing-profile.ts';
import { type Language, languages } from '../../people/languages.ts';
import { displayName } from '../../people/rules.ts';
import { type Html, html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import { dayOf } from './days.ts';
import { sendConfirmation } from './mail-sent.ts';
import type { Visit } from './visit.ts';

/** What each language calls itself. */
const names: Readonly<Record<Language, { lang: string; name: string }>> = {
  en: { lang: 'en', name: 'English' },
  pt: { lang: 'pt-BR', name: 'Português' },
};

export async function profilePage(visit: Visit): Promise<void> {
  const { service, person, form, words } = visit;
  if (form === null)
    return showProfile(visit, { name: person.displayName, language: person.language ?? null });
  if (form.get('action') === 'verify' && mayVerify(visit)) return sendConfirmation(visit, person.email);
  const typed = form.get('name') ?? '';
  const name = displayName.safeParse(typed);
  const language = languages.find((each) => each === form.get('language')) ?? null;
  if (!name.success)
    return showProfile(visit, { name: typed, language, error: words.account.profile.nameRefused });
  await changeProfile(service, { personId: person._id, displayName: name.data, language });
  visit.leave('/profile?saved');
}

interface Shown {
  name: string;
  language: Language | null;
  error?: string;
}

async function showProfile(visit: Visit, { name, language, error }: Shown): Promise<void> {
  const { csrf, query, words, show } = visit;
  const said = words.account.profile;
  const isSaved = query.has('saved') && error === undefined;
  show({
    status: error === undefined ? 200 : 400,
    title: error === undefined ? said.title : words.error(said.title),
    body: html`<h1>${said.title}</h1>
${error === undefined ? null : errorSummary(error)}
${isSaved ? html`<p role="status">${said.saved}</p>` : null}
<form method="post" action="/auth/account/profile">
<input type="hidden" name="csrf" value="${csrf}">
<label for="name">${said.name}</label>
<input id="name" name="name" type="text" value="${name.slice(0, 100)}" autocomplete="name" maxlength="100" required>
<fieldset>
<legend>${said.language}</legend>
${choice({ value: '', isChosen: language === null, label: html`${said.browsers}` })}
${languages.map((value) =>
  choice({
    value,
    isChosen: language === value,
    label: html`<span lang="${names[value].lang}">${names[value].name}</span>`,
  }),
)}
</fieldset>
<div class="actions"><button type="submit" name="action" value="save">${said.save}</button></div>
</form>
<h2>${words.signIn.email}</h2>
${await addressOf(visit)}
<p class="after"><a href="/auth/account/security">${words.account.security.title}</a></p>`,
  });
}

function choice({ value, isChosen, label }: { value: string; isChosen: boolean; label: Html }): Html {
  return html`<label class="choice"><input type="radio" name="language" value="${value}"${isChosen ? html` checked` : null}> ${label}</label>
`;
}

async function addressOf(visit: Visit): Promise<Html> {
  const { service, person, csrf, words } = visit;
  const { email, emailVerifiedAt } = person;
  const said = words.account.profile;
  const hindrance = await hindranceOf(service, { from: email, to: '' });
  return html`<p><strong>${email}</strong><br>
<span class="quiet">${emailVerifiedAt ? said.verified(dayOf(emailVerifiedAt)) : said.unverified}</span></p>
${
  mayVerify(visit)
    ? html`<form method="post" action="/auth/account/profile">
<input type="hidden" name="csrf" value="${csrf}">
<div class="actions"><button type="submit" name="action" value="verify" class="plain">${said.verify}</button></div>
</form>`
    : null
}
${
  hindrance === null
    ? html`<p class="after"><a href="/auth/account/change-email">${words.account.email.title}</a></p>`
    : html`<p>${words.account.email.hindrances[hindrance]}</p>`
}`;
}

function mayVerify({ service, person }: Visit): boolean {
  return (person.emailVerifiedAt ?? null) === null && canSendMail(service);
}
