// How a person signs in, and what they can change about it.
import type { PasskeyRow } from '../../passkeys/model.ts';
import { hasSecondFactor, heldFactors } from '../../second-factors/held.ts';
import { linksOf } from '../../sso/links.ts';
import { type Html, html } from '../html.ts';
import type { Words } from '../words/words.ts';
import { dayOf } from './days.ts';
import { linkItem } from './link-item.ts';
import type { Visit } from './visit.ts';

export async function overviewPage(visit: Visit): Promise<void> {
  const { service, person, words } = visit;
  const { security, links: ofLinks, addApp, removeApp, addPasskey, renewRecovery } = words.account;
  const { personal } = words;
  const held = await heldFactors(service, person._id);
  const { appSince, passkeys, recoveryCodesLeft } = held;
  const links = await linksOf(service, person);
  visit.show({
    title: security.title,
    body: html`<h1>${security.title}</h1>
<p class="quiet">${security.lead(person.email)}</p>
<p><a href="/auth/account/profile">${security.profile}</a></p>
<p><a href="/auth/account/sessions">${security.sessions}</a></p>
<h2>${security.password}</h2>
<p><a href="/auth/account/security/change-password">${security.changePassword}</a></p>
<h2>${security.app}</h2>
${
  appSince === null
    ? html`<p>${security.whyApp}</p>
<p><a href="/auth/account/security/add-app">${addApp.title}</a></p>`
    : html`<p>${security.appSince(dayOf(appSince))}</p>
<p><a href="/auth/account/security/remove-app">${removeApp.title}</a></p>`
}
<h2>${security.passkeys}</h2>
${passkeys.length === 0 ? html`<p>${security.whyPasskey}</p>` : null}
<ul class="plain">
${passkeys.map((passkey) => passkeyItem(passkey, words))}</ul>
<p><a href="/auth/account/security/add-passkey">${addPasskey.title}</a></p>
${
  !hasSecondFactor(held)
    ? null
    : html`<h2>${security.recovery}</h2>
<p>${security.recoveryLeft(recoveryCodesLeft)}</p>
<p><a href="/auth/account/security/recovery-codes">${renewRecovery.title}</a></p>`
}
${
  links.length === 0
    ? null
    : html`<h2>${ofLinks.title}</h2>
<ul class="plain">
${links.map((link) => linkItem({ link, words, isEndable: true }))}</ul>`
}
<h2>${personal.title}</h2>
<p><a href="/auth/account/data">${personal.data.title}</a></p>
<p><a href="/auth/account/delete">${personal.deletion.title}</a></p>`,
  });
}

function passkeyItem({ _id, name, createdAt, lastUsedAt }: PasskeyRow, words: Words): Html {
  const { security } = words.account;
  const used = lastUsedAt ? security.lastUsed(dayOf(lastUsedAt)) : security.notUsed;
  return html`<li>${security.passkey(name, dayOf(createdAt))} ${used}.
<a href="/auth/account/security/remove-passkey?id=${encodeURIComponent(_id)}" aria-label="${security.removePasskey(name)}">${security.remove}</a></li>
`;
}
