// Sessions whose access tokens are worth nothing any more, for as long as one of these may live.
import { LRUCache } from 'lru-cache';
import type { Session } from '../authentication/accessTokens.ts';
import type { EndedSession } from './changes.ts';

export interface EndedSessionsOptions {
  /** How long access tokens live. */
  lifetimeMs: number;
  /** Most sessions remembered. Default 100,000. */
  maximum?: number;
}

export class EndedSessions {
  readonly #ended: LRUCache<string, true>;

  constructor({ lifetimeMs, maximum = 100_000 }: EndedSessionsOptions) {
    this.#ended = new LRUCache({ max: maximum, ttl: lifetimeMs });
  }

  /** @returns false for a session that was known to have ended */
  add(session: EndedSession): boolean {
    const key = keyOf(session);
    const isNew = !this.#ended.has(key);
    this.#ended.set(key, true);
    return isNew;
  }

  has({ viewer: { tenantId, sessionId } }: Pick<Session, 'viewer'>): boolean {
    if (this.#ended.size === 0 || tenantId === null || sessionId === undefined) return false;
    return this.#ended.has(keyOf({ tenantId, sessionId }));
  }
}

/** A session may end in one tenant and go on in another. */
function keyOf({ tenantId, sessionId }: EndedSession): string {
  return `${tenantId} ${sessionId}`;
}
