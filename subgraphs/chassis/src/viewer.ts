/** Who asks: what a verified passport says about the caller of one operation. */
export interface Viewer {
  /** Id of the person or of the OAuth client that acts; `anonymous` when nobody signed in. */
  readonly subject: string;
  /** Tenant that the viewer acts in; null for anonymous callers and for clients without a tenant. */
  readonly tenantId: string | null;
  /** OAuth client through which the viewer acts. */
  readonly clientId: string | null;
  /** The session that a person's sign-in began; programs have none. */
  readonly sessionId?: string | undefined;
  /** The service client that acts for the subject (RFC 8693, 4.1), within the rights of both; absent for who acts for themselves. */
  readonly actorId?: string | undefined;
  /** Names of the viewer's roles in the tenant. */
  readonly roles: readonly string[];
  /** What the roles allow, as `resource:action`. */
  readonly permissions: ReadonlySet<string>;
  /** OAuth scopes of the access token. */
  readonly scopes: ReadonlySet<string>;
  /** Whether nobody signed in. */
  readonly isAnonymous: boolean;
  /** Whether it stands for all who may do the same in the tenant: then reading `subject`, `clientId`, `sessionId` or `actorId` throws. */
  readonly isShared?: boolean;
}

/** The viewer of a request without an access token. */
export const anonymous: Viewer = Object.freeze({
  subject: 'anonymous',
  tenantId: null,
  clientId: null,
  roles: Object.freeze([]),
  permissions: new Set<string>(),
  scopes: new Set<string>(),
  isAnonymous: true,
});

/**
 * The viewer that stands for all of equal tenant, roles, permissions and scopes, in whatever many of them get at once.
 * It says nothing of the person: whoever reads it learns at once, by an error, that what they make depends on who asks.
 */
export function sharedViewer(viewer: SharedRights): Viewer {
  return viewer.isAnonymous ? anonymous : new SharedViewer(viewer);
}

export type SharedRights = Pick<Viewer, 'tenantId' | 'roles' | 'permissions' | 'scopes' | 'isAnonymous'>;

class SharedViewer implements Viewer {
  readonly tenantId: string | null;
  readonly roles: readonly string[];
  readonly permissions: ReadonlySet<string>;
  readonly scopes: ReadonlySet<string>;
  readonly isAnonymous = false;
  readonly isShared = true;

  constructor({ tenantId, roles, permissions, scopes }: SharedRights) {
    this.tenantId = tenantId;
    // Sorted, so that nothing depends on whose came first.
    this.roles = [...roles].sort();
    this.permissions = new Set([...permissions].sort());
    this.scopes = new Set([...scopes].sort());
  }

  // On the prototype: a log line may hold the rest of it.
  get subject(): string {
    throw personNeeded('subject');
  }

  get clientId(): string | null {
    throw personNeeded('clientId');
  }

  get sessionId(): string | undefined {
    throw personNeeded('sessionId');
  }

  get actorId(): string | undefined {
    throw personNeeded('actorId');
  }
}

function personNeeded(member: string): Error {
  return new Error(
    `A shared subscription asks for viewer.${member}. Mark the field that needs it @cacheControl(scope: PRIVATE) in the SDL.`,
  );
}
