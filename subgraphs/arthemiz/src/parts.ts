// What one running arthemiz has once, shared by its routes, workers and capabilities.
import { type AccessMetrics, accessMetrics } from './access/metrics.ts';
import { type AccessListener, createAccessListener } from './access/server.ts';
import { createStandingCache, type StandingCache } from './access/standingCache.ts';
import { type ReadById, readById } from './batches.ts';
import { createRememberedClients, type RememberedClients } from './clients/remembered-clients.ts';
import type { Arthemiz } from './context.ts';
import { createKeyRing, type KeyRing } from './keys/key-ring.ts';
import { createRememberedStandings, type RememberedStandings } from './memberships/remembered-standings.ts';
import type { ArtifactRow } from './oidc/artifact-model.ts';
import { oncePerTokenRequest } from './oidc/once-per-request.ts';
import { createRefreshTokenWrites, type RefreshTokenWrites } from './oidc/refresh-token-writes.ts';
import { createPasswordHasher, type PasswordHasher } from './passwords/hashing.ts';
import type { PersonRow } from './people/model.ts';
import { type SignInMetrics, signInMetrics } from './sign-in/metrics.ts';
import type { TenantRow } from './tenants/model.ts';

export interface Parts {
  readonly keys: KeyRing;
  readonly passwords: PasswordHasher;
  readonly metrics: SignInMetrics;
  readonly accessMetrics: AccessMetrics;
  readonly standingCache: StandingCache;
  readonly access: AccessListener;
  /** As they are committed. */
  readonly tenants: ReadById<TenantRow>;
  readonly people: ReadById<PersonRow>;
  readonly artifacts: ReadById<ArtifactRow>;
  readonly refreshTokens: RefreshTokenWrites;
  readonly clients: RememberedClients;
  readonly standings: RememberedStandings;
}

// By service, because several may run in one process.
const partsByService = new WeakMap<Arthemiz, Parts>();

export function partsOf(service: Arthemiz): Parts {
  const known = partsByService.get(service);
  if (known !== undefined) return known;
  const ofAccess = accessMetrics(service.metrics);
  const { Tenant, Person, OidcArtifact } = service.models;
  const tenants = oncePerTokenRequest<TenantRow>({
    of: 'tenant',
    by: readById((ids) => Tenant.find({ _id: { $in: ids } }).lean()),
  });
  const parts = {
    keys: createKeyRing(service),
    passwords: createPasswordHasher(),
    metrics: signInMetrics(service.metrics),
    accessMetrics: ofAccess,
    standingCache: createStandingCache(service, ofAccess),
    access: createAccessListener(service),
    tenants,
    people: readById<PersonRow>((ids) => Person.find({ _id: { $in: ids } }).lean()),
    artifacts: readById<ArtifactRow>((ids) => OidcArtifact.find({ _id: { $in: ids } }).lean()),
    refreshTokens: createRefreshTokenWrites(service),
    clients: createRememberedClients(service, tenants),
    standings: createRememberedStandings(tenants),
  };
  partsByService.set(service, parts);
  return parts;
}
