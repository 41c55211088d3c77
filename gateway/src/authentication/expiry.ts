import type { Session } from './accessTokens.ts';

/** The longest that a timer of Node's can wait: 24 days. */
const longestTimerMs = 2_147_483_647;

/** Calls `then` when the session's token expires. @returns what calls it off */
export function onExpiry({ expiresAt }: Pick<Session, 'expiresAt'>, then: () => void): () => void {
  if (!Number.isFinite(expiresAt)) return () => undefined;
  const lifetimeMs = Math.min(Math.max(expiresAt - Date.now(), 0), longestTimerMs);
  const timer = setTimeout(then, lifetimeMs);
  return () => clearTimeout(timer);
}
