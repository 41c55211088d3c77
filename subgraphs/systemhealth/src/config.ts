// What systemhealth reads from the environment beside the chassis's own variables.
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
import { platformKinds } from './probes/kinds.ts';

const schemesOf: Readonly<Record<(typeof platformKinds)[number], readonly string[]>> = {
  HTTP: ['http:', 'https:'],
  TCP: ['tcp:'],
  MONGODB: ['mongodb:', 'mongodb+srv:'],
  REDIS: ['redis:', 'rediss:'],
  RABBITMQ: ['amqp:', 'amqps:'],
};

const platformTarget = z
  .object({
    /** Names the part for ever; its URL may change between starts. */
    slug: z.string().regex(/^[a-z][a-z0-9-]{0,49}$/),
    name: z.string().min(1).max(100),
    kind: z.enum(platformKinds),
    /** May hold credentials: never stored, never logged, never shown. */
    url: z.string(),
    /** Of RabbitMQ: where its management API is, credentials included; absent: its queues are not measured. */
    managementUrl: z
      .string()
      .regex(/^https?:\/\//, { error: 'must begin with http:// or https://' })
      .optional(),
  })
  .refine(({ kind, managementUrl }) => managementUrl === undefined || kind === 'RABBITMQ', {
    path: ['managementUrl'],
    error: 'is for RABBITMQ alone',
  })
  .refine(({ kind, url }) => schemesOf[kind].some((scheme) => url.startsWith(`${scheme}//`)), {
    path: ['url'],
    error: 'does not begin with a scheme of its kind',
  });

export type PlatformTarget = z.infer<typeof platformTarget>;

const platformTargets = z
  .array(platformTarget)
  .max(100)
  .refine((targets) => new Set(targets.map(({ slug }) => slug)).size === targets.length, {
    error: 'has a slug twice',
  });

const creditTiers = z
  .array(
    z.strictObject({
      belowRatio: z.number().gt(0).lt(1),
      /** Hundredths of a percent of the month's fee. */
      creditBasisPoints: z.number().int().min(1).max(10_000),
    }),
  )
  .max(10)
  .refine(
    (tiers) =>
      tiers.every((tier, index) => {
        const before = tiers[index - 1];
        return (
          before === undefined ||
          (tier.belowRatio < before.belowRatio && tier.creditBasisPoints > before.creditBasisPoints)
        );
      }),
    { error: 'does not give more the less was reached' },
  );

export const config = chassisConfig.extend({
  /** The running platform's own parts; each tenant gets a service and a check for each. */
  PLATFORM_TARGETS: jsonVariable(platformTargets).default([]),
  /** From the start of one run of a platform check to the start of the next. */
  PLATFORM_INTERVAL_MS: millisecondsVariable({ minimum: 50, maximum: 3_600_000 }).default(2_000),
  /** When a run of a platform check without an answer counts as failed. */
  PLATFORM_TIMEOUT_MS: millisecondsVariable({ minimum: 20, maximum: 30_000 }).default(1_500),
  /** How long a platform check must fail before it is DOWN. */
  PLATFORM_DOWN_AFTER_MS: millisecondsVariable({ minimum: 0, maximum: 3_600_000 }).default(3_000),
  /** How long a platform check must succeed before it is UP again. */
  PLATFORM_UP_AFTER_MS: millisecondsVariable({ minimum: 0, maximum: 3_600_000 }).default(0),
  /** How often a copy looks for alerts to evaluate and notifications to deliver. */
  ALERT_POLL_MS: millisecondsVariable({ minimum: 10, maximum: 60_000 }).default(500),
  /** How often an error budget that burns is measured; one that does not, a tenth as often. */
  SLO_MEASURE_MS: millisecondsVariable({ minimum: 20, maximum: 60_000 }).default(1_000),
  /**
   * What a month is worth to a tenant in which a part of the platform was up for less than `belowRatio` of its minutes, best
   * months first, as a JSON array; empty: nothing is promised.
   */
  SLA_CREDIT_TIERS: jsonVariable(creditTiers).default([]),
  /** How often rules about metrics are looked at. */
  METRIC_ALERT_INTERVAL_MS: millisecondsVariable({ minimum: 50, maximum: 60_000 }).default(5_000),
  /** Series of metrics with a sample within a day that a tenant may have. */
  METRIC_SERIES_PER_TENANT: z.coerce.number().int().min(1).max(1_000_000).default(10_000),
  /** Encrypts the URLs and secrets of notification channels and checks: 32 bytes in base64; absent: there are none. */
  KEY_ENCRYPTION_KEY: encryptionKeyVariable.optional(),
  /** Where people and programs reach the platform, as heartbeats' URLs say it. */
  PUBLIC_ORIGIN: urlVariable('http', 'https').default('http://localhost:8080'),
  /** The mail server, for example smtps://user:password@mail.example.com; absent: nobody is told by e-mail. */
  SMTP_URL: urlVariable('smtp', 'smtps').optional(),
  /** The address that mails come from; absent: no-reply@localhost. */
  MAIL_FROM: emailVariable.optional(),
  /** Networks that tenants' checks and notification channels may reach although they are not public, as a JSON array of address/bits. */
  TENANT_TARGET_NETWORKS: jsonVariable(z.array(network).max(100)).default([]),
});

export type Config = z.infer<typeof config>;
