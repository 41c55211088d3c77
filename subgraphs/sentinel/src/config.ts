// What sentinel reads from the environment beside the chassis's own variables.
import { chassisConfig } from '@supergraph/chassis/config';
import { z } from 'zod';

export const config = chassisConfig.extend({
  /** How long a security event is kept, from when it happened. A change counts for what arrives from then on. */
  SECURITY_EVENT_RETENTION_DAYS: z.coerce
    .number({ error: 'expected a number of days' })
    .int()
    .min(1)
    .max(3_650)
    .default(90),
});

export type Config = z.infer<typeof config>;
