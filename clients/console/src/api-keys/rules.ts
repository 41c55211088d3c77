export type ApiKeyState = 'good' | 'revoked' | 'expired';

/** What an API key is at a moment. */
export function stateOf(
  { revokedAt, expiresAt }: { revokedAt: string | null; expiresAt: string },
  nowMs: number,
): ApiKeyState {
  if (revokedAt !== null) return 'revoked';
  return Date.parse(expiresAt) > nowMs ? 'good' : 'expired';
}
