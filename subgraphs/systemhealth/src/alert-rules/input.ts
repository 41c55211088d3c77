// What a rule may be given.
import { z } from 'zod';
import { statuses } from '../checks/model.ts';
import { burnKinds } from '../slos/rules.ts';
import { severities } from './model.ts';
import { reservedLabels } from './rules.ts';

export const labelName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, { error: 'is not a label name' });

const label = z.object({
  name: labelName.refine((name) => !reservedLabels.includes(name), { error: 'is kept for the platform' }),
  value: z.string().min(1).max(200),
});

const ids = z
  .array(z.string().max(64))
  .max(50)
  .nullish()
  .transform((given) => [...new Set(given ?? [])]);

const dayMs = 86_400_000;
const milliseconds = z.number().int().min(0).max(dayMs);
const name = z.string().trim().min(1).max(100);
const runbookUrl = z.url({ protocol: /^https?$/, error: 'is not an http or https URL' }).max(2_000);

const checkStatus = z.object({
  statuses: z
    .array(z.enum(statuses))
    .min(1)
    .nullish()
    .transform((given) => [...new Set(given ?? ['DOWN' as const])]),
  serviceIds: ids,
  checkIds: ids,
});

const burnRate = z.object({ sloId: z.string().max(64), kind: z.enum(burnKinds) });

export const newRule = z.object({
  name,
  condition: z
    .object({ checkStatus: checkStatus.nullish(), burnRate: burnRate.nullish() })
    .refine((kinds) => Object.values(kinds).filter((kind) => kind != null).length === 1, {
      error: 'must be exactly one thing to look for',
    }),
  forMs: milliseconds.nullish().transform((given) => given ?? 0),
  recoverForMs: milliseconds.nullish().transform((given) => given ?? 0),
  severity: z
    .enum(severities)
    .nullish()
    .transform((given) => given ?? 'WARNING'),
  labels: z
    .array(label)
    .max(10)
    .refine((all) => new Set(all.map((each) => each.name)).size === all.length, { error: 'has a name twice' })
    .nullish()
    .transform((given) => given ?? []),
  runbookUrl: runbookUrl.nullish().transform((given) => given ?? null),
  opensIncident: z
    .boolean()
    .nullish()
    .transform((given) => given ?? false),
  notificationPolicyId: z
    .string()
    .max(64)
    .nullish()
    .transform((given) => given ?? null),
});

export const ruleChange = z
  .object({
    name: name,
    forMs: milliseconds,
    recoverForMs: milliseconds,
    runbookUrl: runbookUrl.nullable(),
    isEnabled: z.boolean(),
    opensIncident: z.boolean(),
    notificationPolicyId: z.string().max(64).nullable(),
  })
  .partial();
