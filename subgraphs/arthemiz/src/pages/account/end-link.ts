import { endLink, linksOf } from '../../sso/links.ts';
import { isProven } from './proof.ts';
import type { Visit } from './visit.ts';

/** Ends the link that the address names, after proof by the password and a factor. */
export async function endLinkPage(visit: Visit): Promise<void> {
  const { service, person, query, words } = visit;
  const links = await linksOf(service, person);
  const link = links.find(({ id, stays }) => id === query.get('id') && stays === null);
  if (link === undefined) return visit.leave();
  const { endTitle, end, explanation } = words.account.links;
  const page = {
    title: endTitle,
    explanation: explanation(link.connectionName, link.tenantName),
    action: end,
  };
  if (!(await isProven(visit, page))) return;
  await endLink(service, { person, linkId: link.id });
  visit.leave();
}
