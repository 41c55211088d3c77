// The secret in a heartbeat's URL: 256 random bits, of which only a hash is kept.
import { createHash, randomBytes } from 'node:crypto';
import type { SystemHealth } from '../context.ts';

/** Public path of heartbeats; the token follows. */
export const heartbeatsPath = '/health/heartbeats';

export function newHeartbeatToken({ config }: Pick<SystemHealth, 'config'>) {
  const token = randomBytes(32).toString('base64url');
  return {
    tokenHash: hashOf(token),
    /** To be shown once: nobody can find it again. */
    url: `${config.PUBLIC_ORIGIN}${heartbeatsPath}/${token}`,
  };
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
