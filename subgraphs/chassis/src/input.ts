import type { z } from 'zod';
import { badUserInput } from './errors.ts';

/**
 * Checks what a client sent against a schema and returns the parsed value.
 * @throws PlatformError BAD_USER_INPUT with `extensions.issues` (`{ path, message }` of each problem).
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({ path: path.map(String), message }));
  const summary = issues
    .map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '))
    .join('; ');
  throw badUserInput(`The input is not valid. ${summary}`, { extensions: { issues } });
}
