import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { guardSchema } from './policy/guard.ts';
import { createPolicy } from './policy.ts';

export interface SchemaSource {
  /** The subgraph's SDL file. */
  schema: URL;
  /** Resolvers by type and field, typed by codegen where they are written. */
  resolvers: object;
}

/**
 * The executable schema of a subgraph, each field guarded by the directives beside it.
 * @throws when the SDL is wrong, or a resolver names a field that the SDL lacks.
 */
export function loadSchema({ schema, resolvers }: SchemaSource): GraphQLSchema {
  const typeDefs = parse(readFileSync(schema, 'utf8'));
  // The map's own type cannot be named by generated types with optional members; it is checked when it is applied.
  const map = resolvers as NonNullable<
    Extract<Parameters<typeof buildSubgraphSchema>[0], { typeDefs: unknown }>['resolvers']
  >;
  return guardSchema(buildSubgraphSchema({ typeDefs, resolvers: map }), createPolicy(typeDefs));
}
