// What silences, maintenance windows and inhibitions have in common.
import { z } from 'zod';
import { labelName } from '../alert-rules/label-name.ts';

/** What a label must be, or must not. */
export const matcher = z.object({
  name: labelName,
  value: z.string().max(200),
  isEqual: z
    .boolean()
    .nullish()
    .transform((given) => given ?? true),
});

export const matchers = z.array(matcher).min(1).max(10);

const longestMs = 366 * 86_400_000;

/** Whether it ends after it begins and after now, and is not too long. */
export function periodProblem(
  { startsAt, endsAt }: { startsAt: Date; endsAt: Date },
  now: Date,
): string | null {
  if (endsAt <= startsAt || endsAt <= now) return 'is not after the beginning and now';
  return endsAt.getTime() - now.getTime() > longestMs ? 'is more than 366 days away' : null;
}
