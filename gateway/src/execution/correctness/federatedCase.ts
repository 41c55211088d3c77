// One federated schema of the corpus, and what its subgraphs say together.
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { loadSupergraph, type Supergraph } from '../supergraph.ts';
import { createModel, type Model } from './model.ts';

export interface FederatedCase {
  name: string;
  /** Name of the subgraph → its SDL. Keys are of type ID throughout, so that each value names one object. */
  subgraphs: Readonly<Record<string, string>>;
  /**
   * Why an executor of these plans cannot answer as one schema over the same data would, be it never so right;
   * then another executor's answer will do.
   */
  unlikeMonolith?: string;
  /** What @apollo/gateway's executor gets wrong here, whatever fails; then nobody can tell what is right on a bad day. */
  apolloIsWrong?: string;
}

export interface LoadedCase {
  definition: FederatedCase;
  supergraph: Supergraph;
  model: Model;
  schemas: ReadonlyMap<string, GraphQLSchema>;
}

const federation = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: [
  "@key", "@requires", "@provides", "@external", "@shareable", "@override", "@inaccessible", "@interfaceObject",
  "@extends", "@tag", "@context", "@fromContext"
])`;

/** SDL of a subgraph that may use every directive of federation 2. */
export function federated(sdl: string): string {
  return `${federation}\n${sdl}`;
}

/** @throws what composition finds wrong, with the name of the case. */
export function loadCase(definition: FederatedCase): LoadedCase {
  const services = Object.entries(definition.subgraphs).map(([name, sdl]) => ({
    name,
    url: `http://${name}.invalid`,
    typeDefs: parse(sdl),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) {
    throw new Error(`${definition.name}: ${(errors ?? []).map(({ message }) => message).join('\n')}`);
  }
  const supergraph = loadSupergraph(supergraphSdl);
  const schemas = new Map(services.map(({ name, typeDefs }) => [name, buildSubgraphSchema({ typeDefs })]));
  const model = createModel({
    supergraphSchema: supergraph.supergraphSchema,
    documents: new Map(services.map(({ name, typeDefs }) => [name, typeDefs])),
    schemas,
  });
  return { definition, supergraph, model, schemas };
}
