import { GraphQLError, GraphQLScalarType } from 'graphql';
import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });

/** The scalar DateTime: an instant in UTC, written as ISO 8601 with milliseconds. Taken with any offset, or none of milliseconds. */
export const dateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize(value) {
    if (!(value instanceof Date)) throw new TypeError('A DateTime is made of a Date.');
    return value.toISOString();
  },
  parseValue(value) {
    const parsed = instant.safeParse(value);
    if (!parsed.success)
      throw new GraphQLError(
        'A DateTime is written as ISO 8601 with its offset, such as 2026-01-31T09:30:00Z.',
      );
    return new Date(parsed.data);
  },
});
