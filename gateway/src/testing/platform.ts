// For tests only: the gateway before the real subgraphs in a namespace of their own. Every connection that the
// gateway opens leads through a proxy, so that a test can take a part away without touching it.
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { type GraphqlResult, testEnvironment } from '@supergraph/chassis/testing';
import {
  type InterruptibleProxy,
  startInterruptibleProxy,
} from '@supergraph/chassis/testing/interruptible-proxy';
import { definition as arthemizDefinition } from '../../../subgraphs/arthemiz/src/definition.ts';
import { partsOf } from '../../../subgraphs/arthemiz/src/parts.ts';
import type { RolePlan } from '../../../subgraphs/arthemiz/src/roles/rules.ts';
import { defaultRoles } from '../../../subgraphs/arthemiz/src/roles/rules.ts';
import type { TenantRow } from '../../../subgraphs/arthemiz/src/tenants/model.ts';
import { createTenant } from '../../../subgraphs/arthemiz/src/tenants/provisioning.ts';
import { definition as sentinelDefinition } from '../../../subgraphs/sentinel/src/definition.ts';
import { definition as systemhealthDefinition } from '../../../subgraphs/systemhealth/src/definition.ts';
import type { GatewayBounds } from '../bounds.ts';
import { type RunningGateway, startGateway } from '../gateway.ts';
import { openHealthChanges } from './health-changes.ts';
import { type OperationToPost, postOperation } from './post-operation.ts';
import { type SpokenSubgraph, startSpokenSubgraph } from './spoken-subgraph.ts';
import { signAccessToken, type TokenClaims } from './tokens.ts';

export const issuer = 'http://localhost:8080/auth';
export const audience = 'http://localhost:8080/graphql';
export const supergraphFile = fileURLToPath(new URL('../../../schema/supergraph.graphql', import.meta.url));

export type Platform = Awaited<ReturnType<typeof startPlatform>>;
export type SubgraphName = 'arthemiz' | 'systemhealth' | 'sentinel';

export interface Answer extends GraphqlResult {
  status: number;
  headers: Headers;
}

export interface Request extends Omit<OperationToPost, 'query' | 'signal'> {
  /** Another gateway than the platform's first. */
  at?: { url: string };
}

export async function startPlatform(options: { env?: Record<string, string>; bounds?: GatewayBounds } = {}) {
  const environment = await testEnvironment({ service: 'gateway' });
  const { env } = environment;
  const origins = ['http://localhost:8080', 'https://localhost:8443'];
  const startingArthemiz = startSubgraph(arthemizDefinition, {
    ...env,
    ISSUER: issuer,
    AUDIENCE: audience,
    PUBLIC_ORIGINS: JSON.stringify(origins),
    COOKIE_KEYS: JSON.stringify([randomBytes(24).toString('base64url')]),
    KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    GRPC_PORT: '0',
  });
  const [arthemiz, systemhealth, sentinel] = await Promise.all([
    startingArthemiz,
    startSubgraph(systemhealthDefinition, env),
    startSubgraph(sentinelDefinition, env),
  ]);
  const subgraphs = { arthemiz, systemhealth, sentinel };

  const links: Record<SubgraphName | 'rabbitmq' | 'redis' | 'keys' | 'access', InterruptibleProxy> = {
    arthemiz: await startInterruptibleProxy(arthemiz.url),
    systemhealth: await startInterruptibleProxy(systemhealth.url),
    sentinel: await startInterruptibleProxy(sentinel.url),
    rabbitmq: await startInterruptibleProxy(env.AMQP_URL ?? ''),
    redis: await startInterruptibleProxy(env.REDIS_URL ?? ''),
    keys: await startInterruptibleProxy(arthemiz.url),
    access: await startInterruptibleProxy(`http://${partsOf(arthemiz.service).access.address}`),
  };
  const gatewayEnv: Record<string, string> = {
    ...env,
    AMQP_URL: links.rabbitmq.url,
    REDIS_URL: links.redis.url,
    PASSPORT_PRIVATE_KEY: JSON.stringify(environment.passportKey),
    ISSUER: issuer,
    AUDIENCE: audience,
    JWKS_URL: new URL('/auth/jwks', links.keys.url).href,
    ACCESS_ADDRESS: new URL(links.access.url).host,
    SUPERGRAPH_FILE: supergraphFile,
    SUBGRAPH_URLS: JSON.stringify({
      arthemiz: new URL('/graphql', links.arthemiz.url).href,
      systemhealth: new URL('/graphql', links.systemhealth.url).href,
      sentinel: new URL('/graphql', links.sentinel.url).href,
    }),
    ...options.env,
  };
  const urlsWith = (urls: Partial<Record<SubgraphName, string>>) => ({
    SUBGRAPH_URLS: JSON.stringify({ ...JSON.parse(gatewayEnv.SUBGRAPH_URLS ?? ''), ...urls }),
  });
  const gateways: RunningGateway[] = [];
  const addGateway = async (extra: Record<string, string> = {}, bounds: GatewayBounds = {}) => {
    const gateway = await startGateway({ ...gatewayEnv, ...extra }, bounds);
    gateways.push(gateway);
    return gateway;
  };
  const spoken: SpokenSubgraph[] = [];
  const gateway = await addGateway({}, options.bounds);

  return {
    environment,
    gateway,
    gatewayEnv,
    /** Starts one more gateway before the same subgraphs, with other variables and bounds where given. */
    startGateway: addGateway,
    /** A subgraph that says what the test tells it to. */
    async speakForSubgraph(): Promise<SpokenSubgraph> {
      const subgraph = await startSpokenSubgraph();
      spoken.push(subgraph);
      return subgraph;
    },
    /** Variables for a gateway that finds subgraphs elsewhere. */
    urlsWith,
    subgraphs,
    links,
    health: openHealthChanges(systemhealth),
    async tenant(given: { name?: string; roles?: readonly RolePlan[] } = {}): Promise<TenantRow> {
      const unique = randomBytes(5).toString('hex');
      const plan = {
        name: 'Acme',
        slug: `t${unique}`,
        idempotencyKey: `test:${unique}`,
        roles: defaultRoles,
      };
      const outcome = await createTenant(arthemiz.service, { ...plan, ...given });
      if ('refusal' in outcome) throw new Error(outcome.refusal.message);
      return outcome.tenant;
    },
    /** An access token as arthemiz would issue it, signed with its real key. */
    token: (claims: TokenClaims = {}) =>
      signAccessToken(partsOf(arthemiz.service).keys.current().signing, { issuer, audience, ...claims }),
    query: (query: string, request: Request = {}): Promise<Answer> =>
      sendQuery(request.at?.url ?? gateway.url, query, request),
    /** A metric of a running part, summed over the series that carry the labels. */
    metric: (at: { url: string }, name: string, labels: Record<string, string> = {}) =>
      readMetric(at.url, name, labels),
    /** GraphQL requests that a subgraph has received. */
    requestsTo: (name: SubgraphName) =>
      readMetric(subgraphs[name].url, 'http_server_request_duration_seconds_count', { route: '/graphql' }),
    async stop() {
      // First, so that no gateway waits for what nobody will answer.
      await Promise.all(spoken.map((subgraph) => subgraph.stop()));
      await Promise.all(gateways.map((each) => each.stop()));
      await Promise.all(Object.values(links).map((link) => link.stop()));
      await Promise.all(Object.values(subgraphs).map((subgraph) => subgraph.stop()));
      await environment.dispose();
    },
  };
}

/** Sends a query or mutation by POST. */
async function sendQuery(url: string, query: string, request: Request): Promise<Answer> {
  const response = await postOperation(url, { query, ...request });
  const result = (await response.json()) as GraphqlResult; // what GraphQL over HTTP answers
  return { ...result, status: response.status, headers: response.headers };
}

async function readMetric(url: string, name: string, labels: Record<string, string>): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => wanted.every((part) => line.includes(part)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
