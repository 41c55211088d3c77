// What an incident may be given.
import { z } from 'zod';
import { incidentRoles, incidentSeverities, incidentStatuses } from './rules.ts';

const text = (most: number) => z.string().trim().min(1).max(most);
const serviceIds = z
  .array(z.string().max(64))
  .max(50)
  .transform((given) => [...new Set(given)]);
const flag = z
  .boolean()
  .nullish()
  .transform((given) => given ?? false);

export const newIncident = z.object({
  title: text(200),
  severity: z.enum(incidentSeverities),
  serviceIds: serviceIds.nullish().transform((given) => given ?? []),
  message: text(5_000).nullish(),
  isPublic: flag,
  startedAt: z.date().nullish(),
});

export const incidentUpdate = z
  .object({
    message: text(5_000).nullish(),
    status: z.enum(incidentStatuses).nullish(),
    isPublic: flag,
  })
  .refine(({ message, status }) => message != null || status != null, {
    path: ['message'],
    error: 'is needed where the status stays',
  })
  .refine(({ message, isPublic }) => !isPublic || message != null, {
    path: ['message'],
    error: 'is needed where the update is public',
  });

export const incidentChange = z
  .object({
    title: text(200),
    severity: z.enum(incidentSeverities),
    serviceIds,
    impact: text(5_000).nullable(),
    startedAt: z.date(),
    actionItems: z
      .array(z.object({ text: text(500), ownerId: z.string().max(64).nullish(), isDone: flag }))
      .max(50),
  })
  .partial();

export const roleAssignment = z.object({
  role: z.enum(incidentRoles),
  personId: z.string().min(1).max(64).nullish(),
});
