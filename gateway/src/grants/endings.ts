// Sessions and registered clients whose access tokens are worth nothing any more, for as long as one of these may live.
import { LRUCache } from 'lru-cache';
import type { Session } from '../authentication/accessTokens.ts';
import type { Ended } from './changes.ts';

export interface EndingsOptions {
  /** How long access tokens live. */
  lifetimeMs: number;
  /** Most that are remembered. Default 100,000. */
  maximum?: number;
}

export class Endings {
  readonly #ended: LRUCache<string, true>;

  constructor({ lifetimeMs, maximum = 100_000 }: EndingsOptions) {
    this.#ended = new LRUCache({ max: maximum, ttl: lifetimeMs });
  }

  /** @returns false for what was known to have ended */
  add(ended: Ended): boolean {
    const key = keyOf(ended);
    const isNew = !this.#ended.has(key);
    this.#ended.set(key, true);
    return isNew;
  }

  /** Whether the session has ended, or the client that it lets act. */
  has({ viewer: { tenantId, sessionId, clientId } }: Pick<Session, 'viewer'>): boolean {
    if (this.#ended.size === 0 || tenantId === null) return false;
    return [sessionId, clientId].some((id) => id && this.#ended.has(keyOf({ tenantId, id })));
  }
}

/** A session may end in one tenant and go on in another. */
function keyOf({ tenantId, id }: Ended): string {
  return `${tenantId} ${id}`;
}
