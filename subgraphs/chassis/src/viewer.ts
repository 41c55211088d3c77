/** Who asks: what a verified passport says about the caller of one operation. */
export interface Viewer {
  /** Id of the person or of the OAuth client that acts; `anonymous` when nobody signed in. */
  readonly subject: string;
  /** Tenant that the viewer acts in; null for anonymous callers and for clients without a tenant. */
  readonly tenantId: string | null;
  /** OAuth client through which the viewer acts. */
  readonly clientId: string | null;
  /** Names of the viewer's roles in the tenant. */
  readonly roles: readonly string[];
  /** What the roles allow, as `resource:action`. */
  readonly permissions: ReadonlySet<string>;
  /** OAuth scopes of the access token. */
  readonly scopes: ReadonlySet<string>;
  /** Whether nobody signed in. */
  readonly isAnonymous: boolean;
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
