// The DateTime scalar of this subgraph's schema.
import { GraphQLError, GraphQLScalarType } from 'graphql';

export const dateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant in UTC, written as ISO 8601 with milliseconds.',
  serialize(value) {
    if (value instanceof Date) return value.toISOString();
    throw new GraphQLError('A DateTime must be a Date.');
  },
});
