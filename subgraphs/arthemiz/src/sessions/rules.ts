import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import Bowser from 'bowser';
import { countedAddress } from '../passwords/rules.ts';

/**
 * The id of the session that a browser's sign-in began, or that a program's grant is. It follows from what the provider
 * calls it, so that nobody has to keep which is which.
 */
export function sessionIdOf(name: { sessionUid: string } | { grantId: string }): string {
  const text = 'sessionUid' in name ? `browser:${name.sessionUid}` : `program:${name.grantId}`;
  return `ses_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

/**
 * The network of an address: enough to tell one's home from elsewhere, and less than what names a household. A person's
 * sessions are kept with no more than that.
 */
export function networkOf(address: string | null): string | null {
  if (address === null) return null;
  if (isIPv4(address)) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`;
  if (!isIPv6(address)) return null;
  const [groups = ''] = countedAddress(address).split('::');
  return `${groups.split(':').slice(0, 3).join(':')}::/48`;
}

/** `Firefox on Linux`, in words of `on`; null for what names itself in no way that people know. */
export function describeBrowser(
  userAgent: string | null,
  on = (browser: string, system: string) => `${browser} on ${system}`,
): string | null {
  if (userAgent === null || userAgent === '') return null;
  const { browser, os } = Bowser.parse(userAgent);
  if (browser.name && os.name) return on(browser.name, os.name);
  return browser.name || os.name || null;
}

/** What is known of one use that was granted: a session is one of them, or several of one browser. */
export interface GrantFacts {
  sessionId: string;
  tenantId: string;
  clientId: string;
  network: string | null;
  userAgent: string | null;
  signedInAt: Date;
  lastUsedAt: Date;
}

export interface PersonSession {
  id: string;
  clientIds: string[];
  network: string | null;
  userAgent: string | null;
  signedInAt: Date;
  lastUsedAt: Date;
}

/** The sessions that grants make up, last used first. */
export function sessionsFrom(grants: readonly GrantFacts[]): PersonSession[] {
  const bySession = new Map<string, PersonSession>();
  const newestFirst = [...grants].sort((a, b) => b.lastUsedAt.getTime() - a.lastUsedAt.getTime());
  for (const { sessionId, clientId, network, userAgent, signedInAt, lastUsedAt } of newestFirst) {
    const known = bySession.get(sessionId);
    if (known === undefined) {
      bySession.set(sessionId, {
        id: sessionId,
        clientIds: [clientId],
        ...{ network, userAgent, signedInAt, lastUsedAt },
      });
      continue;
    }
    if (!known.clientIds.includes(clientId)) known.clientIds.push(clientId);
    if (signedInAt < known.signedInAt) known.signedInAt = signedInAt;
  }
  return [...bySession.values()];
}
