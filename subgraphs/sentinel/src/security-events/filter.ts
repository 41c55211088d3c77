// Which security events a viewer asks for.
import { z } from 'zod';
import { occurredWithin } from '../period.ts';
import { securityEventTypes } from './rules.ts';

const types = z
  .array(z.enum(securityEventTypes))
  .min(1, 'name one type at least, or leave it out for all')
  .nullish();

const instant = z.date().nullish();

/** The schema's SecurityEventFilter. */
export const filterInput = z
  .object({ types, actorId: z.string().nullish(), since: instant, until: instant })
  .nullish();

/** The arguments of the subscription. */
export const watchInput = z.object({ types });

/** The filter as a MongoDB query; what is absent or null does not narrow it. */
export function queryOf(filter: z.output<typeof filterInput>) {
  const { types, actorId, since, until } = filter ?? {};
  return {
    ...(types ? { type: { $in: types } } : {}),
    ...(typeof actorId === 'string' ? { actorId } : {}),
    ...occurredWithin({ since, until }),
  };
}
