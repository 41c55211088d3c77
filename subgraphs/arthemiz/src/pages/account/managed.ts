// For those whom their tenant's provider let in: nothing of their account, but what let them in and what they can do.
import { canSendMail } from '../../mail/queueing.ts';
import { linksOf } from '../../sso/links.ts';
import { html } from '../html.ts';
import { linkItem } from './link-item.ts';
import type { Visit } from './visit.ts';

export async function managedPage(visit: Visit): Promise<void> {
  const { service, person, session, words } = visit;
  const { managed } = words.account;
  const connectionIds: unknown[] = await service.models.OidcArtifact.distinct('connectionId', {
    kind: 'Grant',
    accountId: person._id,
    sessionUid: session.uid,
  });
  // Of their other tenants this one's provider learns nothing.
  const links = (await linksOf(service, person)).filter((link) => connectionIds.includes(link.connectionId));
  const maySignInOtherwise = links.every(({ stays }) => stays !== 'required');
  visit.show({
    status: 403,
    title: managed.title,
    body: html`<h1>${managed.heading}</h1>
<p>${managed.lead}</p>
<ul class="plain">
${links.map((link) => linkItem({ link, words, isEndable: false }))}</ul>
${maySignInOtherwise ? html`<p>${managed.ownWay}</p>` : null}
${
  maySignInOtherwise && canSendMail(service)
    ? html`<p><a href="/auth/password/forgotten">${managed.choosePassword}</a></p>`
    : null
}
<p><a href="/auth/logout">${managed.signOut}</a></p>`,
  });
}
