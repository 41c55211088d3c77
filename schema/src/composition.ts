// One supergraph out of all subgraphs, and out of it the schema that clients see.
import { type CompositionResult, composeServices } from '@apollo/composition';
import { type GraphQLError, parse } from 'graphql';
import type { Finding } from './finding.ts';
import { publicSchema } from './public-schema.ts';
import type { Subgraph } from './subgraphs.ts';

export interface Composition {
  /** The SDL that the gateway plans with. */
  supergraph: string;
  /** The SDL that clients program against. */
  publicSchema: string;
  /** What composition remarks without refusing it. */
  hints: string[];
}

export type Composed = { composition: Composition } | { findings: Finding[] };

export function composeSubgraphs(subgraphs: readonly Subgraph[]): Composed {
  const result: CompositionResult = composeServices(
    // Where a subgraph answers is the gateway's affair (SUBGRAPH_URLS); the SDL needs some address.
    subgraphs.map(({ name, document }) => ({ name, typeDefs: document, url: `http://${name}/graphql` })),
  );
  if (result.errors) return { findings: result.errors.map(findingOf) };
  const supergraph = `${result.supergraphSdl.trimEnd()}\n`;
  return {
    composition: {
      supergraph,
      publicSchema: publicSchema({
        supergraph: parse(supergraph, { noLocation: true }),
        visible: result.schema.toAPISchema().toGraphQLJSSchema(),
      }),
      // Their first line says it; the others quote the SDL.
      hints: result.hints.map(({ message }) => (message.split('\n')[0] ?? '').replace(/:$/, '.')),
    },
  };
}

function findingOf(error: GraphQLError): Finding {
  const places = (error.nodes ?? []).flatMap((node) => {
    // A definition begins with its description, which is not what disagrees.
    const loc = ('name' in node ? node.name?.loc : undefined) ?? node.loc;
    return loc ? [`${loc.source.name}:${loc.startToken.line}`] : [];
  });
  const { code } = error.extensions;
  return {
    where: [...new Set(places)].join(', ') || 'subgraphs/*/schema.graphql',
    problem: `${error.message}${code === undefined ? '' : ` (${String(code)})`}`,
    remedy:
      'Make the subgraphs agree: https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/errors',
  };
}
