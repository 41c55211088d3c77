// The environment of each process: the only way in which a service learns about the others.
import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import { type Installation, inheritedEnvironment } from './installation.ts';

/** The subgraphs of the platform, in the order in which they are named everywhere. */
export const subgraphs = ['arthemiz', 'systemhealth', 'sentinel'] as const;
export type Subgraph = (typeof subgraphs)[number];
export type App = Subgraph | 'gateway';
export const apps: readonly App[] = [...subgraphs, 'gateway'];

export const titles: Record<App | 'mongodb' | 'redis' | 'rabbitmq' | 'nginx' | 'mail', string> = {
  mongodb: 'MongoDB',
  redis: 'Redis',
  rabbitmq: 'RabbitMQ',
  nginx: 'nginx',
  mail: 'mail catcher',
  gateway: 'Gateway',
  arthemiz: 'Arthemiz',
  systemhealth: 'SystemHealth',
  sentinel: 'Sentinel',
};

export interface Addresses {
  /** http://localhost:8080 */
  origin: string;
  tlsOrigin: string;
  mongodb: string;
  redis: string;
  rabbitmq: string;
  /** Of its management API, where it is known. */
  rabbitmqManagement?: string | undefined;
  nginxHealth: string;
  /** The mail catcher's SMTP address, where one runs. */
  mail?: string;
  appPorts: Record<App, number>;
  /** Of arthemiz.v1.Access, for the gateway alone. */
  grpcPort: number;
}

export type Environment = Record<string, string>;

export function appFolder(root: string, app: App): string {
  return app === 'gateway' ? join(root, 'gateway') : join(root, 'subgraphs', app);
}

function appUrl({ appPorts }: Addresses, app: App): string {
  return `http://127.0.0.1:${appPorts[app]}`;
}

/** What each process gets. */
export function environments(installation: Installation, addresses: Addresses): Record<App, Environment> {
  const { root, env, secrets } = installation;
  const issuer = `${addresses.origin}/auth`;
  const audience = `${addresses.origin}/graphql`;
  const shared = (app: App): Environment => ({
    ...inheritedEnvironment(env),
    ...passedOn(env),
    NODE_ENV: env.NODE_ENV === 'production' ? 'production' : 'development',
    HOST: '127.0.0.1',
    PORT: String(addresses.appPorts[app]),
    NAMESPACE: env.NAMESPACE ?? 'platform',
    MONGODB_URI: addresses.mongodb,
    REDIS_URL: addresses.redis,
    AMQP_URL: addresses.rabbitmq,
    PASSPORT_PUBLIC_KEY: JSON.stringify(secrets.passportPublicKey),
  });
  return {
    arthemiz: {
      ...shared('arthemiz'),
      ISSUER: issuer,
      AUDIENCE: audience,
      PUBLIC_ORIGINS: JSON.stringify([addresses.origin, addresses.tlsOrigin]),
      COOKIE_KEYS: JSON.stringify(secrets.cookieKeys),
      KEY_ENCRYPTION_KEY: secrets.keyEncryptionKey,
      ...mailServer(env, addresses),
      ...tenantsSurroundings(env),
      GRPC_PORT: String(addresses.grpcPort),
    },
    systemhealth: {
      ...shared('systemhealth'),
      ...targetNetworks(env),
      PUBLIC_ORIGIN: addresses.origin,
      PLATFORM_TARGETS: JSON.stringify(platformTargets(addresses)),
      KEY_ENCRYPTION_KEY: keyOf('systemhealth', secrets.keyEncryptionKey),
      ...mailServer(env, addresses),
    },
    sentinel: {
      ...shared('sentinel'),
      CHECKPOINT_SIGNING_KEY: keyOf('sentinel', secrets.keyEncryptionKey, 'checkpoints'),
    },
    gateway: {
      ...shared('gateway'),
      PASSPORT_PRIVATE_KEY: JSON.stringify(secrets.passportPrivateKey),
      ISSUER: issuer,
      AUDIENCE: audience,
      JWKS_URL: `${appUrl(addresses, 'arthemiz')}/auth/jwks`,
      ACCESS_ADDRESS: `127.0.0.1:${addresses.grpcPort}`,
      SUPERGRAPH_FILE: join(root, 'schema', 'supergraph.graphql'),
      SUBGRAPH_URLS: JSON.stringify(
        Object.fromEntries(subgraphs.map((name) => [name, `${appUrl(addresses, name)}/graphql`])),
      ),
    },
  };
}

/** A key of a process's own, from which nobody finds arthemiz' own. */
function keyOf(app: App, keyEncryptionKey: string, use = 'key encryption'): string {
  const key = Buffer.from(keyEncryptionKey, 'base64');
  return Buffer.from(hkdfSync('sha256', key, '', `${use} of ${app}`, 32)).toString('base64');
}

/** The mail server of whoever starts it, else the catcher, else none. */
function mailServer({ SMTP_URL, MAIL_FROM }: Installation['env'], { mail }: Addresses): Environment {
  const url = SMTP_URL || mail;
  return { ...(url ? { SMTP_URL: url } : {}), ...(MAIL_FROM ? { MAIL_FROM } : {}) };
}

/** Where tenants' domains and identity providers are looked for, where that is not the internet. */
function tenantsSurroundings(env: Installation['env']): Environment {
  return { ...(env.DNS_SERVERS ? { DNS_SERVERS: env.DNS_SERVERS } : {}), ...targetNetworks(env) };
}

/** What of tenants may be reached although it is not public. */
function targetNetworks({ TENANT_TARGET_NETWORKS }: Installation['env']): Environment {
  return TENANT_TARGET_NETWORKS ? { TENANT_TARGET_NETWORKS } : {};
}

/** The running platform's own parts, for SystemHealth to watch. */
function platformTargets(addresses: Addresses) {
  const target = (
    slug: keyof typeof titles,
    kind: 'MONGODB' | 'REDIS' | 'RABBITMQ' | 'HTTP',
    url: string,
  ) => ({
    slug,
    name: titles[slug],
    kind,
    url,
  });
  return [
    target('mongodb', 'MONGODB', addresses.mongodb),
    target('redis', 'REDIS', addresses.redis),
    {
      ...target('rabbitmq', 'RABBITMQ', addresses.rabbitmq),
      ...(addresses.rabbitmqManagement ? { managementUrl: addresses.rabbitmqManagement } : {}),
    },
    target('nginx', 'HTTP', addresses.nginxHealth),
    // Liveness, not readiness: an outage of MongoDB is to show at MongoDB, not at everyone who uses it.
    ...(['gateway', ...subgraphs] as const).map((app) =>
      target(app, 'HTTP', `${appUrl(addresses, app)}/health/live`),
    ),
  ];
}

/** What people set for npm start and mean for every process. */
function passedOn(env: Installation['env']): Environment {
  const names =
    /^(LOG_LEVEL|SHUTDOWN_GRACE_MS|OTEL_[A-Z_]+|RATE_LIMITS(_WITHOUT_REDIS)?|HOME_REGION|MONGODB_URIS|LIVE_[A-Z_]+)$/;
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      names.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}
