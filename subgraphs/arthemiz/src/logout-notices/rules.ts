// When an unheard notice is tried again, and what it says. Pure.

/** Then the client has to find out by itself: its tokens are worth nothing any more. */
export const giveUpAfterMs = 86_400_000;

const retryDelaysSeconds = [5, 30, 120, 600, 1_800] as const;

/** The wait after the nth failed attempt, at `chance` (0 to 1) between half and one and a half times its length. */
export function retryDelayMs(attempts: number, chance: number): number {
  const index = Math.min(Math.max(attempts, 1), retryDelaysSeconds.length) - 1;
  return (retryDelaysSeconds[index] ?? 0) * 1_000 * (0.5 + chance);
}

/** A logout token's own claims (Back-Channel Logout 1.0, 2.4). Never a nonce: it must pass for no ID token. */
export function logoutClaims(sessionId: string) {
  return { sid: sessionId, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } };
}

/** By one of these a client says that it has logged the person out (2.8). */
export function isHeard(status: number): boolean {
  return status === 200 || status === 204;
}
