import {
  chassisConfig,
  ed25519PrivateJwk,
  jsonVariable,
  readConfig,
  urlVariable,
} from '@supergraph/chassis/config';
import { z } from 'zod';
import { overrideRulesShape } from './execution/overrideRules.ts';
import { rateLimitsShape } from './limits/rateLimitPolicies.ts';

/** As browsers write it: scheme, host, and port where it is not the scheme's own. */
const originShape = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  error: 'expected an origin such as https://app.example.com, without a path',
});

/** The gateway keeps no data of its own: no MongoDB, and in Redis only what may be lost. */
const gatewayConfig = chassisConfig
  .omit({ MONGODB_URI: true, MONGODB_URIS: true, HOME_REGION: true, PASSPORT_PUBLIC_KEY: true })
  .extend({
    /** Ed25519 private JWK that passports are signed with. */
    PASSPORT_PRIVATE_KEY: jsonVariable(ed25519PrivateJwk),
    /** `iss` of the access tokens that count. */
    ISSUER: urlVariable('http', 'https'),
    /** `aud` of the access tokens that count: this API. */
    AUDIENCE: urlVariable('http', 'https'),
    /** Where the issuer's public keys are, by the internal network. */
    JWKS_URL: urlVariable('http', 'https'),
    /** Where arthemiz.v1.Access tells by gRPC what people may do, on the internal network; absent: tokens are believed until they expire. */
    ACCESS_ADDRESS: z
      .string()
      .regex(/^(dns:\/\/\/)?([\w.-]+|\[[\da-f:]+\]):\d{1,5}$/i, {
        error: 'expected host:port or dns:///host:port',
      })
      .optional(),
    /** Most WebSockets and event streams that one viewer may have open at this process. */
    LIVE_CONNECTIONS_PER_VIEWER: z.coerce.number().int().min(1).default(200),
    /** Most subscriptions that one viewer may have open at this process. */
    LIVE_SUBSCRIPTIONS_PER_VIEWER: z.coerce.number().int().min(1).default(1_000),
    /** How many processes serve; `auto` for as many as there are cores. */
    GATEWAY_PROCESSES: z
      .union([z.literal('auto'), z.coerce.number().int().min(1).max(256)], {
        error: 'expected a number or auto',
      })
      .default(1),
    /** Path of the composed supergraph's SDL; read again when it changes. Optional beside SUPERGRAPH_MONGODB_URI. */
    SUPERGRAPH_FILE: z.string().min(1).optional(),
    /** Where supergraphs are published; then the file only serves until one can be read there. */
    SUPERGRAPH_MONGODB_URI: urlVariable('mongodb', 'mongodb+srv').optional(),
    /** Subgraph name → URL of its GraphQL endpoint, on the internal network. Goes before what a supergraph brings along. */
    SUBGRAPH_URLS: jsonVariable(z.record(z.string(), urlVariable('http', 'https'))).prefault('{}'),
    /** Subgraph name → most milliseconds for one fetch from it, with its retries. The others have 10 s. */
    SUBGRAPH_DEADLINES_MS: jsonVariable(z.record(z.string(), z.number().int().min(1).max(600_000))).prefault(
      '{}',
    ),
    /** What tenants, clients, persons and addresses may ask for; JSON that names what differs from the defaults. */
    RATE_LIMITS: jsonVariable(rateLimitsShape).prefault('{}'),
    /** `open`: while Redis is away each process counts for itself; `closed`: it refuses what cannot be counted. */
    RATE_LIMITS_WITHOUT_REDIS: z.enum(['open', 'closed']).default('open'),
    /** Most that one operation may cost by the weights of the schema, if all its pages were full. */
    MAXIMUM_COST: z.coerce.number({ error: 'expected a number' }).int().min(1).default(10_000),
    /** JSON: label of `@override` → whether it holds, or for how many percent of operations; see overrideRules.ts. */
    OVERRIDE_LABELS: jsonVariable(overrideRulesShape).prefault('{}'),
    /** From how many milliseconds on an operation is slow: it is counted, and a sample is logged with its plan. */
    SLOW_OPERATION_MS: z.coerce.number({ error: 'expected a number' }).int().min(1).default(1_000),
    /** What becomes of documents that nobody registered; see persistedDocuments.ts. All but `off` need the path. */
    TRUSTED_DOCUMENTS: z.enum(['off', 'allowed', 'log', 'required']).default('off'),
    /** A manifest of registered documents, or a folder of manifests. Followed while the gateway runs. */
    TRUSTED_DOCUMENTS_PATH: z.string().min(1).optional(),
    /** Whether clients may register documents by their SHA-256 as they go, as Apollo's clients do. */
    AUTOMATIC_PERSISTED_QUERIES: z.enum(['on', 'off']).default('on'),
    /** JSON: origins of web pages, beside our own, that may read answers. */
    CORS_ORIGINS: jsonVariable(z.array(originShape)).prefault('[]'),
  });

const checkedConfig = gatewayConfig.refine(
  ({ SUPERGRAPH_FILE: file, SUPERGRAPH_MONGODB_URI: uri }) => file !== undefined || uri !== undefined,
  // Told together with all others.
  {
    path: ['SUPERGRAPH_FILE'],
    error: 'required where SUPERGRAPH_MONGODB_URI is not given',
    when: () => true,
  },
);

export type GatewayConfig = z.infer<typeof gatewayConfig>;

/** @throws ConfigError naming every wrong or missing variable. */
export function readGatewayConfig(env?: Readonly<Record<string, string | undefined>>): GatewayConfig {
  return readConfig(checkedConfig, { service: 'gateway', ...(env ? { env } : {}) });
}
