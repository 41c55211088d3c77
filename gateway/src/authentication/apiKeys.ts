// API keys (`Bearer sk_…`). What one is good for is asked of arthemiz, and asked again every second while it is in use, so
// that it ends within a second of its revocation and never does what its creator may do no more.
import { readApiKey } from '@supergraph/chassis/api-key';
import { serviceUnavailable, unauthenticated } from '@supergraph/chassis/errors';
import type { Logger } from '@supergraph/chassis/logging';
import type { ApiKey } from '@supergraph/chassis/proto/arthemiz/v1/access.generated';
import type { Viewer } from '@supergraph/chassis/viewer';
import { LRUCache } from 'lru-cache';
import type { Access } from '../grants/access.ts';
import type { Session } from './accessTokens.ts';
import { endedSession } from './authenticate.ts';

export interface ApiKeys {
  /** @throws PlatformError UNAUTHENTICATED, or SERVICE_UNAVAILABLE while arthemiz does not answer, at once or later */
  sessionOf(apiKey: string): Session | Promise<Session>;
  stop(): void;
}

export interface ApiKeysOptions {
  access: Pick<Access, 'authenticateApiKey'>;
  logger: Logger;
  /** How long an answer is good. Default 900 ms: with the question itself, a second. */
  freshMs?: number;
  /** How long the last answer goes on while arthemiz gives none. Default 10 s. */
  graceMs?: number;
  /** Most keys remembered. Default 10,000. */
  maximum?: number;
}

export const isApiKey = (token: string): boolean => token.startsWith('sk_');

interface Known {
  /** Undefined for a key that is good for nothing. */
  session: Session | undefined;
  /** When it was asked for, by `performance.now()`. */
  askedAt: number;
  asking: Promise<Session | undefined> | undefined;
  ask(): Promise<Session | undefined>;
  readonly listeners: Set<(next: Session) => void>;
}

export function createApiKeys(options: ApiKeysOptions): ApiKeys {
  const { access, logger, freshMs = 900, graceMs = 10_000, maximum = 10_000 } = options;
  const known = new LRUCache<string, Known>({ max: maximum });
  /** Those whose subscriptions are open, whatever else is forgotten. */
  const watched = new Set<Known>();
  const looking = setInterval(() => {
    for (const each of watched) if (ageOf(each) >= freshMs / 2) void look(each);
  }, freshMs / 2).unref();

  const ageOf = ({ askedAt }: Known) => performance.now() - askedAt;

  function remember(apiKey: string): Known {
    const proof = readApiKey(apiKey);
    if (proof === undefined) throw unauthenticated('This is no API key: it was mistyped or cut short.');
    const name = proof.digest.toString('base64');
    const found = known.get(name);
    if (found !== undefined) return found;
    const created: Known = {
      session: undefined,
      askedAt: Number.NEGATIVE_INFINITY,
      asking: undefined,
      listeners: new Set(),
      ask: async () => {
        const askedAt = performance.now();
        const answer = await access.authenticateApiKey(proof);
        created.session = answer && sessionFor(created, answer);
        created.askedAt = askedAt;
        return created.session;
      },
    };
    known.set(name, created);
    return created;
  }

  function sessionFor(from: Known, { id, tenantId, permissions, expiresAt }: ApiKey): Session {
    const { session: last } = from;
    const endsAt = expiresAt?.getTime() ?? 0;
    // Whoever may do the same stays the same for all caches.
    if (last?.expiresAt === endsAt && isSame(last.viewer, permissions)) return last;
    const viewer: Viewer = {
      ...{ subject: id, clientId: id, tenantId, roles: [], isAnonymous: false },
      ...{ permissions: new Set(permissions), scopes: new Set<string>() },
    };
    const onChange = (listener: (next: Session) => void) => watch(from, listener);
    return { viewer, issuedAt: Date.now(), expiresAt: endsAt, onChange };
  }

  function watch(from: Known, listener: (next: Session) => void): () => void {
    from.listeners.add(listener);
    watched.add(from);
    return () => {
      from.listeners.delete(listener);
      if (from.listeners.size === 0) watched.delete(from);
    };
  }

  /** Those who ask at the same moment share one question; those with open subscriptions are told of another answer. */
  function askOnce(of: Known): Promise<Session | undefined> {
    const before = of.session;
    of.asking ??= of
      .ask()
      .then((next) => {
        if (next !== before) tell(of, next);
        return next;
      })
      .finally(() => {
        of.asking = undefined;
      });
    return of.asking;
  }

  function tell({ listeners }: Known, next: Session | undefined): void {
    for (const listener of [...listeners]) listener(next ?? endedSession());
  }

  async function look(at: Known): Promise<void> {
    try {
      await askOnce(at);
    } catch (error) {
      if (ageOf(at) < graceMs || at.session === undefined) return;
      logger.warn({ err: error }, 'an API key with open subscriptions could not be looked at; ending them');
      at.session = undefined;
      tell(at, undefined);
    }
  }

  async function ask(of: Known): Promise<Session> {
    try {
      return demand(await askOnce(of));
    } catch (error) {
      if (isRefusal(error)) throw error;
      if (of.session !== undefined && ageOf(of) < graceMs) return demand(of.session);
      throw serviceUnavailable('API keys cannot be looked at right now. Try again shortly.', {
        cause: error,
      });
    }
  }

  return {
    sessionOf(apiKey) {
      const of = remember(apiKey);
      return ageOf(of) < freshMs ? demand(of.session) : ask(of);
    },
    stop() {
      clearInterval(looking);
      watched.clear();
    },
  };
}

function demand(session: Session | undefined): Session {
  if (session !== undefined && session.expiresAt > Date.now()) return session;
  throw unauthenticated('The API key is unknown, expired or revoked.');
}

const isRefusal = (error: unknown) =>
  error instanceof Error && Reflect.get(error, 'code') === 'UNAUTHENTICATED';

function isSame({ permissions: held }: Viewer, permissions: readonly string[]): boolean {
  return held.size === permissions.length && permissions.every((permission) => held.has(permission));
}
