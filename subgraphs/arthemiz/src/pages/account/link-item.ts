// A link to a tenant's identity provider, as people see it.
import type { PersonLink } from '../../sso/links.ts';
import { type Html, html } from '../html.ts';
import type { Words } from '../words/words.ts';
import { dayOf } from './days.ts';

export function linkItem({
  link,
  words,
  isEndable,
}: {
  link: PersonLink;
  words: Words;
  /** Whether the page is where one ends it. */
  isEndable: boolean;
}): Html {
  const { links } = words.account;
  const { id, connectionName, tenantName, createdAt, lastUsedAt, stays } = link;
  return html`<li><p><strong>${links.link(connectionName, tenantName)}</strong><br>
<span class="quiet">${links.used(dayOf(createdAt), dayOf(lastUsedAt))}</span>
${stays === null ? null : html`<br>${links.stays[stays]}`}
${
  isEndable && stays === null
    ? html`<br><a href="/auth/account/security/end-link?id=${encodeURIComponent(id)}" aria-label="${links.endLink(connectionName)}">${links.end}</a>`
    : null
}</p></li>
`;
}
