// For tests only: an environment of one's own on the real backing services, and a client with a passport.
import { Redis } from 'ioredis';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { createPassportMint, type PassportMint } from './passport.ts';
import { backingUrl, newNamespace } from './testing/data-fixture.ts';
import { dropNamespace } from './testing/drop-namespace.ts';
import type { Viewer } from './viewer.ts';

export { execute, type GraphqlResult, subscribe } from './testing/client.ts';
export { eventually } from './testing/eventually.ts';
export { heard } from './testing/heard.ts';

export interface TestEnvironment {
  /** What `startSubgraph` takes: own NAMESPACE, any free port, fresh passport key, no waiting at the stop. */
  readonly env: Readonly<Record<string, string>>;
  readonly namespace: string;
  /** Ed25519 private key that passports of this environment are signed with. */
  readonly passportKey: JWK;
  /** Passport of a viewer for a subgraph; default audience: the environment's service. */
  passport(viewer: Viewer, audience?: string): Promise<string>;
  /** A connection of the test's own to Redis, closed with the rest. */
  redis(): Redis;
  /** Drops the databases, queues, exchange and Redis keys of the namespace. Stop what uses them first. */
  dispose(): Promise<void>;
}

export interface TestEnvironmentOptions {
  /** Name of the subgraph under test. */
  service: string;
  /** Further or different variables. */
  extra?: Record<string, string>;
}

/** An environment that shares nothing with other tests; several services may be started with its `env`. */
export async function testEnvironment({
  service,
  extra = {},
}: TestEnvironmentOptions): Promise<TestEnvironment> {
  const namespace = newNamespace();
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const passportKey = await exportJWK(privateKey);
  const mint: PassportMint = await createPassportMint({ privateKey: passportKey });
  const backing = {
    MONGODB_URI: backingUrl('MONGODB_URI'),
    REDIS_URL: backingUrl('REDIS_URL'),
    AMQP_URL: backingUrl('AMQP_URL'),
  };
  const connections: Redis[] = [];
  return {
    namespace,
    passportKey,
    env: {
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'silent',
      NAMESPACE: namespace,
      ...backing,
      PASSPORT_PUBLIC_KEY: JSON.stringify(await exportJWK(publicKey)),
      SHUTDOWN_DELAY_MS: '0',
      ...extra,
    },
    passport: (viewer, audience = service) => mint(viewer, audience),
    redis() {
      const redis = new Redis(backing.REDIS_URL);
      connections.push(redis);
      return redis;
    },
    async dispose() {
      for (const redis of connections) redis.disconnect();
      await dropNamespace({ namespace, services: [service], ...backing });
    },
  };
}

/** A signed-in viewer; name only what the test is about. */
export function testViewer(
  given: Partial<Omit<Viewer, 'permissions' | 'scopes'>> & {
    permissions?: Iterable<string>;
    scopes?: Iterable<string>;
  } = {},
): Viewer {
  return {
    subject: 'per_test',
    tenantId: 'ten_test',
    clientId: 'explorer',
    roles: [],
    isAnonymous: false,
    ...given,
    permissions: new Set(given.permissions ?? []),
    scopes: new Set(given.scopes ?? []),
  };
}
