// What one running arthemiz has once, shared by its routes, workers and capabilities.
import { type AccessMetrics, accessMetrics } from './access/metrics.ts';
import { type AccessListener, createAccessListener } from './access/server.ts';
import { createStandingCache, type StandingCache } from './access/standingCache.ts';
import type { Arthemiz } from './context.ts';
import { createKeyRing, type KeyRing } from './keys/key-ring.ts';
import { createPasswordHasher, type PasswordHasher } from './passwords/hashing.ts';
import { type SignInMetrics, signInMetrics } from './sign-in/metrics.ts';

export interface Parts {
  readonly keys: KeyRing;
  readonly passwords: PasswordHasher;
  readonly metrics: SignInMetrics;
  readonly accessMetrics: AccessMetrics;
  readonly standingCache: StandingCache;
  readonly access: AccessListener;
}

// By service, because several may run in one process.
const partsByService = new WeakMap<Arthemiz, Parts>();

export function partsOf(service: Arthemiz): Parts {
  const known = partsByService.get(service);
  if (known !== undefined) return known;
  const ofAccess = accessMetrics(service.metrics);
  const parts = {
    keys: createKeyRing(service),
    passwords: createPasswordHasher(),
    metrics: signInMetrics(service.metrics),
    accessMetrics: ofAccess,
    standingCache: createStandingCache(service, ofAccess),
    access: createAccessListener(service),
  };
  partsByService.set(service, parts);
  return parts;
}
