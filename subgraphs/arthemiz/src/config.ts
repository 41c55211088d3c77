// What arthemiz reads from the environment beside the chassis's own variables.
import { network } from '@supergraph/chassis/addresses';
import {
  chassisConfig,
  emailVariable,
  encryptionKeyVariable,
  jsonVariable,
  millisecondsVariable,
  urlVariable,
} from '@supergraph/chassis/config';
import { z } from 'zod';

/** Where the OpenID provider is mounted on every origin. */
export const mountPath = '/auth';

const origin = z
  .string()
  .refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? '') && new URL(value).origin === value, {
    error: 'expected an origin such as https://example.com, without a path',
  });

export const config = chassisConfig.extend({
  /** The issuer that tokens name, for example http://localhost:8080/auth. */
  ISSUER: urlVariable('http', 'https').refine(
    (value) => new URL(value).pathname === mountPath && !/[?#]/.test(value),
    {
      error: `expected a URL that ends in ${mountPath}`,
    },
  ),
  /** The API that access tokens are made for, for example http://localhost:8080/graphql. */
  AUDIENCE: urlVariable('http', 'https'),
  /** Every origin that browsers reach the platform at. */
  PUBLIC_ORIGINS: jsonVariable(z.array(origin).min(1).max(20)),
  /** Keys that cookies are signed with; the first signs, all verify. */
  COOKIE_KEYS: jsonVariable(z.array(z.string().min(16)).min(1).max(10)),
  /** Encrypts the private signing keys at rest: 32 bytes in base64. */
  KEY_ENCRYPTION_KEY: encryptionKeyVariable,
  /** Port for gRPC, on the internal network alone; 0 takes any free one. */
  GRPC_PORT: z.coerce.number({ error: 'expected a port number from 0 to 65535' }).int().min(0).max(65_535),
  /** For how long after its first use a refresh token gives the same successor again; 0: never. */
  REFRESH_GRACE_MS: millisecondsVariable({ minimum: 0, maximum: 60_000 }).default(10_000),
  /** How often a copy looks whether signing keys are due or were changed by another copy. */
  SIGNING_KEY_POLL_MS: millisecondsVariable({ minimum: 20, maximum: 300_000 }).default(30_000),
  /** How often a copy looks for provisionings and erasures that are due. */
  PROVISIONING_POLL_MS: millisecondsVariable({ minimum: 20, maximum: 60_000 }).default(1_000),
  /** Before a failed step is tried again; each further wait is four times as long. */
  PROVISIONING_RETRY_MS: millisecondsVariable({ minimum: 10, maximum: 60_000 }).default(1_000),
  /** How long a subgraph may leave a request for a step unanswered. */
  PROVISIONING_GIVE_UP_MS: millisecondsVariable({ minimum: 100, maximum: 604_800_000 }).default(86_400_000),
  /** The mail server, for example smtps://user:password@mail.example.com; absent: nobody can be invited. */
  SMTP_URL: urlVariable('smtp', 'smtps').optional(),
  /** The address that mails come from; absent: no-reply at the issuer's host. */
  MAIL_FROM: emailVariable.optional(),
  /** Networks that tenants' identity providers may lie in although they are not public, as a JSON array of address/bits. */
  TENANT_TARGET_NETWORKS: jsonVariable(z.array(network).max(100)).default([]),
  /** Servers that are asked about tenants' domains, as `address` or `address:port`; absent: the system's. */
  DNS_SERVERS: jsonVariable(z.array(z.string().min(1)).min(1).max(10)).optional(),
  /** How often a copy looks for clients that have to hear of a logout. */
  LOGOUT_POLL_MS: millisecondsVariable({ minimum: 10, maximum: 60_000 }).default(1_000),
  /** How often a copy looks for mails that are due. */
  MAIL_POLL_MS: millisecondsVariable({ minimum: 10, maximum: 60_000 }).default(1_000),
});

export type Config = z.infer<typeof config>;
