// Instants, as the schema's DateTime states them. No field takes one as input yet.
import { GraphQLScalarType } from 'graphql';

export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize(value) {
    if (!(value instanceof Date)) throw new TypeError('A DateTime is made of a Date.');
    return value.toISOString();
  },
});
