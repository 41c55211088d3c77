// What sentinel reads from the environment beside the chassis's own variables.
import { chassisConfig, encryptionKeyVariable } from '@supergraph/chassis/config';
import { z } from 'zod';
import { placesAt } from './geography/places.ts';

export const config = chassisConfig.extend({
  /** How long a security event is kept, from when it happened. A change counts for what arrives from then on. */
  SECURITY_EVENT_RETENTION_DAYS: z.coerce
    .number({ error: 'expected a number of days' })
    .int()
    .min(1)
    .max(3_650)
    .default(90),
  /** How long a finding is kept, from when it last changed, where the tenant says nothing. */
  FINDING_RETENTION_DAYS: z.coerce
    .number({ error: 'expected a number of days' })
    .int()
    .min(1)
    .max(3_650)
    .default(365),
  /** After how many days a finding counts half for the risk of whom it is about. */
  RISK_HALF_LIFE_DAYS: z.coerce
    .number({ error: 'expected a number of days' })
    .int()
    .min(1)
    .max(90)
    .default(7),
  /** How late an event may arrive and still be found together with what belongs to it. */
  DETECTION_LATENESS_HOURS: z.coerce
    .number({ error: 'expected a number of hours' })
    .int()
    .min(1)
    .max(168)
    .default(24),
  /** Tells where addresses are: a MaxMind DB file of cities or countries. Absent: security events have no place. */
  GEOIP_DATABASE_PATH: z
    .string()
    .superRefine((path, context) => {
      try {
        placesAt(path);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        context.addIssue({ code: 'custom', message: `expected a MaxMind DB file (.mmdb): ${why}` });
      }
    })
    .optional(),
  /** Signs checkpoints of audit trails: the seed of an Ed25519 key, base64 of 32 bytes. Absent: none are signed. */
  CHECKPOINT_SIGNING_KEY: encryptionKeyVariable.optional(),
  /** How many records a checkpoint is about at most. */
  AUDIT_CHECKPOINT_RECORDS: z.coerce
    .number({ error: 'expected a number of records' })
    .int()
    .min(1)
    .max(10_000)
    .default(100),
  /** How long a record waits for a checkpoint at most. */
  AUDIT_CHECKPOINT_MINUTES: z.coerce
    .number({ error: 'expected a number of minutes' })
    .int()
    .min(1)
    .max(1_440)
    .default(60),
});

export type Config = z.infer<typeof config>;
