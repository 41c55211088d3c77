// A public status page as a feed (Atom, RFC 4287): an entry an update of an incident. Pure.
import { createHash } from 'node:crypto';
import type { StatusPage } from '../schema.generated.ts';

export interface Feed {
  readonly body: string;
  /** Strong: of the bytes themselves. */
  readonly etag: string;
}

const wordsFor: Record<string, string> = {
  INVESTIGATING: 'Investigating',
  IDENTIFIED: 'Identified',
  MONITORING: 'Monitoring',
  RESOLVED: 'Resolved',
};

/** @param origin where the page is, for example https://status.example.com */
export function feedOf(page: StatusPage, origin: string): Feed {
  const address = `${origin}/status/${page.slug}`;
  const entries = page.incidents
    .flatMap((incident) => incident.updates.map((update) => ({ incident, update })))
    .sort((one, other) => other.update.occurredAt.getTime() - one.update.occurredAt.getTime());
  // What an update is told by stays, and a reader knows it again by its id (RFC 4151): the instant is all that the public
  // knows of it and that never changes. Of two in one millisecond the later one counts on.
  const idOf = (index: number) => {
    const at = entries[index]?.update.occurredAt.toISOString() ?? '';
    const earlier = entries.slice(index + 1).filter(({ update }) => update.occurredAt.toISOString() === at);
    return `${tagOf(page.slug, origin)}/${at}${earlier.length === 0 ? '' : `.${earlier.length}`}`;
  };
  // Without any update the feed is as new as the day: it has to say something, and what it says must be rare.
  const updated = entries[0]?.update.occurredAt ?? startOfDay(page.asOf);
  const body = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>${escaped(tagOf(page.slug, origin))}</id>
  <title>${escaped(page.title)}</title>
  ${page.description ? `<subtitle>${escaped(page.description)}</subtitle>\n  ` : ''}<updated>${updated.toISOString()}</updated>
  <author><name>${escaped(page.title)}</name></author>
  <link rel="self" type="application/atom+xml" href="${escaped(`${address}/feed`)}"/>
  <link rel="alternate" type="text/html" href="${escaped(address)}"/>
${entries
  .map(({ incident, update }, index) => {
    const at = update.occurredAt.toISOString();
    const status = wordsFor[update.status] ?? update.status;
    const about = incident.services.length === 0 ? '' : ` (${incident.services.join(', ')})`;
    return `  <entry>
    <id>${escaped(idOf(index))}</id>
    <title>${escaped(`${status}: ${incident.title}`)}</title>
    <published>${at}</published>
    <updated>${at}</updated>
    <link rel="alternate" type="text/html" href="${escaped(address)}"/>
    <category term="${escaped(incident.severity.toLowerCase())}"/>
    <content type="text">${escaped(`${update.message}${about}`)}</content>
  </entry>
`;
  })
  .join('')}</feed>
`;
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
}

function tagOf(slug: string, origin: string): string {
  return `tag:${new URL(origin).hostname},2026:status/${slug}`;
}

function startOfDay(at: Date): Date {
  return new Date(`${at.toISOString().slice(0, 10)}T00:00:00.000Z`);
}

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** As text or in an attribute, without what XML 1.0 has no way to write. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll(/[&<>"]/g, (sign) => signs[sign] ?? '');
}
