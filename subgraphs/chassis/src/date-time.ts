import { GraphQLScalarType } from 'graphql';

/** The scalar DateTime: an instant in UTC, written as ISO 8601 with milliseconds. No field takes one as input yet. */
export const dateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize(value) {
    if (!(value instanceof Date)) throw new TypeError('A DateTime is made of a Date.');
    return value.toISOString();
  },
});
