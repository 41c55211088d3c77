// What whoever shows an access token may do at this moment. The token's claims hold until a change is told that
// concerns its subject, or who acts for them; from then on what arthemiz says now holds. While arthemiz cannot say it,
// what may have been taken away is taken away.
import { within } from '@supergraph/chassis/deadline';
import { serviceUnavailable, unauthenticated } from '@supergraph/chassis/errors';
import type { Logger } from '@supergraph/chassis/logging';
import { withoutScope } from '@supergraph/chassis/scoped-permissions';
import type { Viewer } from '@supergraph/chassis/viewer';
import type { Session } from '../authentication/accessTokens.ts';
import { endedSession } from '../authentication/authenticate.ts';
import type { Access } from './access.ts';
import type { Ended, GrantChange, RecentChanges, Standing } from './changes.ts';
import { Endings } from './endings.ts';
import { type Mark, Marks } from './marks.ts';
import { createViewerStandings } from './viewerStandings.ts';

export interface Grants {
  /**
   * The session as it stands now, for one that its token opened: itself, or one in its place.
   * @throws PlatformError UNAUTHENTICATED where the person's session has ended or its client was removed,
   *   SERVICE_UNAVAILABLE while it is not known which tokens still say what holds
   */
  current(session: Session): Session | Promise<Session>;
  /** See Session.onChange, for a session that a token opened. */
  onChange(session: Session, listener: (next: Session) => void): () => void;
  /** Takes note of a change that was just told. */
  changed(change: GrantChange): void;
  /** Takes note of a session that has just ended, or of a client that was removed. */
  ended(what: Ended): void;
  /** Takes note of the changes that arthemiz has listed; `isNew` where others may have been missed meanwhile. */
  listed(recent: RecentChanges, options: { isNew: boolean }): void;
  /** Whether it is known which tokens still say what holds. */
  readonly isKnown: boolean;
  stop(): void;
}

export interface GrantsOptions {
  access: Pick<Access, 'standingsOf'>;
  logger: Logger;
  /** How long access tokens live at most, with tolerance. Default 16 minutes. */
  lifetimeMs?: number;
  /** How long somebody waits for arthemiz to say what they may do now. Default 500 ms. */
  patienceMs?: number;
  /** Pause before arthemiz is asked again. Default 1 s. */
  retryMs?: number;
}

export const tokenLifetimeMs = 16 * 60_000;

interface Watch {
  /** As its token opened it. */
  opened: Session;
  told: Session;
  listener(next: Session): void;
}

export function createGrants(options: GrantsOptions): Grants {
  const { access, logger, lifetimeMs = tokenLifetimeMs, patienceMs = 500, retryMs = 1_000 } = options;
  const marks = new Marks({ lifetimeMs });
  const standings = createViewerStandings({ access, lifetimeMs });
  const endings = new Endings({ lifetimeMs });
  /** The session that took the place of one that a token opened. */
  const successors = new WeakMap<Session, Session>();
  const watches = new Map<string, Set<Watch>>();
  const undecided = new Set<Watch>();
  let isKnown = false;
  let becomeKnown: () => void = () => undefined;
  const known = new Promise<void>((resolve) => {
    becomeKnown = resolve;
  });
  const forgetting = setInterval(() => marks.forget(Date.now()), 60_000).unref();
  let retry: NodeJS.Timeout | undefined;

  const markOf = ({ viewer: { subject, actorId, tenantId }, issuedAt }: Session) =>
    marks.isEmpty ? undefined : marks.of({ subject, actorId, tenantId, issuedAt });

  /** Undefined when arthemiz has to be asked. */
  function decided(opened: Session, mark: Mark): Session | undefined {
    const standing = standings.known(opened.viewer, mark.version);
    return standing && successor(opened, standing);
  }

  function successor(opened: Session, { roles, permissions }: Standing): Session {
    const last = successors.get(opened) ?? opened;
    // Whoever may do the same stays the same for all caches.
    if (isSame(last.viewer, { roles, permissions })) return last;
    const viewer: Viewer = { ...opened.viewer, roles: [...roles], permissions: new Set(permissions) };
    const next: Session = { ...opened, viewer, onChange: (listener) => watch(opened, next, listener) };
    successors.set(opened, next);
    return next;
  }

  /** What is certain to be still allowed. */
  function rest(opened: Session, { rolesRemoved, permissionsRemoved }: Mark): Session {
    const { roles, permissions } = (successors.get(opened) ?? opened).viewer;
    const kept = (held: Iterable<string>, removed: ReadonlySet<string> | null) =>
      removed === null ? [] : [...held].filter((one) => !removed.has(one) && !removed.has(withoutScope(one)));
    return successor(opened, {
      roles: kept(roles, rolesRemoved),
      permissions: kept(permissions, permissionsRemoved),
    });
  }

  async function find(opened: Session, mark: Mark): Promise<Session> {
    if (opened.viewer.tenantId === null) return opened;
    await within(patienceMs, standings.read(opened.viewer, mark.version));
    const now = markOf(opened) ?? mark;
    return decided(opened, now) ?? rest(opened, now);
  }

  async function currentOnceKnown(opened: Session): Promise<Session> {
    await within(patienceMs * 4, known);
    if (isKnown) return current(opened);
    throw serviceUnavailable('It cannot be said right now what you may do. Try again shortly.');
  }

  function current(opened: Session): Session | Promise<Session> {
    if (opened.viewer.tenantId === null) return opened; // nothing was granted
    if (!isKnown) return currentOnceKnown(opened);
    if (endings.has(opened)) throw unauthenticated('The session has ended. Sign in again.');
    const mark = markOf(opened);
    if (mark === undefined) return opened;
    return decided(opened, mark) ?? find(opened, mark);
  }

  async function look(watched: Watch): Promise<void> {
    if (endings.has(watched.opened)) return end(watched);
    const mark = markOf(watched.opened);
    if (mark === undefined) return void undecided.delete(watched);
    const next = decided(watched.opened, mark) ?? (await find(watched.opened, mark));
    if (!isWatched(watched)) return;
    if (decided(watched.opened, markOf(watched.opened) ?? mark)) undecided.delete(watched);
    else lookAgain(watched);
    if (next === watched.told) return;
    watched.told = next;
    watched.listener(next);
  }

  function end(watched: Watch): void {
    undecided.delete(watched);
    watches.get(keyOf(watched.opened))?.delete(watched);
    watched.listener(endedSession());
  }

  function lookAgain(watched: Watch): void {
    undecided.add(watched);
    retry ??= setTimeout(() => {
      retry = undefined;
      for (const each of undecided) void look(each);
    }, retryMs).unref();
  }

  const keyOf = ({ viewer }: Session) => viewer.tenantId ?? '';
  const isWatched = (watched: Watch) => watches.get(keyOf(watched.opened))?.has(watched) === true;

  function watch(opened: Session, told: Session, listener: (next: Session) => void): () => void {
    const watched = { opened, told, listener };
    const key = keyOf(opened);
    const ofTenant = watches.get(key) ?? new Set();
    watches.set(key, ofTenant.add(watched));
    // A change may have come between the session and this.
    if (markOf(opened) !== undefined || endings.has(opened)) setImmediate(() => void look(watched));
    return () => {
      undecided.delete(watched);
      ofTenant.delete(watched);
      if (ofTenant.size === 0 && watches.get(key) === ofTenant) watches.delete(key);
    };
  }

  function lookAt(tenantId: string, subject: string | null): void {
    for (const watched of watches.get(tenantId) ?? [])
      if (subject === null || watched.opened.viewer.subject === subject) void look(watched);
  }

  return {
    current,
    get isKnown() {
      return isKnown;
    },
    onChange: (session, listener) => watch(session, session, listener),
    changed(change) {
      marks.add(change, { isNew: true });
      // Beyond their number subjects are told apart no more, so that all of the tenant are looked at.
      lookAt(change.tenantId, null);
    },
    ended(what) {
      endings.add(what);
      lookAt(what.tenantId, null);
    },
    listed({ changes, ended, isComplete }, { isNew }) {
      if (!isComplete) {
        logger.error({ changes: changes.length }, 'too many changes of grants: all tokens are looked into');
        marks.doubtAll(Date.now());
      }
      const tenants = new Set<string>();
      for (const what of ended) if (endings.add(what)) tenants.add(what.tenantId);
      for (const change of changes) if (marks.add(change, { isNew })) tenants.add(change.tenantId);
      if (!isKnown) {
        isKnown = true;
        becomeKnown();
      }
      for (const tenantId of isComplete ? tenants : watches.keys()) lookAt(tenantId, null);
    },
    stop() {
      clearInterval(forgetting);
      clearTimeout(retry);
      watches.clear();
      undecided.clear();
    },
  };
}

function isSame(viewer: Viewer, { roles, permissions }: Standing): boolean {
  return (
    viewer.roles.length === roles.length &&
    viewer.permissions.size === permissions.length &&
    roles.every((role) => viewer.roles.includes(role)) &&
    permissions.every((permission) => viewer.permissions.has(permission))
  );
}
