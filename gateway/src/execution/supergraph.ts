// The composed supergraph, and what is derived from it once.
import {
  DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  Supergraph as FederatedSupergraph,
  type Schema,
} from '@apollo/federation-internals';
import { type CostDirectives, readCostDirectives } from '@supergraph/chassis/cost-directives';
import type { Policy } from '@supergraph/chassis/policy';
import { type GraphQLSchema, parse } from 'graphql';
import { publicPolicyOf } from '../authorization/developers.ts';
import { readIdentityNames } from '../limits/identityAliases.ts';
import { type OverrideLabels, readOverrideLabels } from './overrideLabels.ts';
import { createPlanner, type Planner } from './planner.ts';

export interface Supergraph {
  /** What clients see. */
  schema: GraphQLSchema;
  /** The same in the planner's own representation. */
  apiSchema: Schema;
  /** With the join directives that say who owns what. */
  supergraphSchema: GraphQLSchema;
  planner: Planner;
  policy: Policy;
  /** What fields cost and how long lists get. */
  costs: CostDirectives;
  /** Names of fields by which objects are told apart. */
  identityNames: ReadonlySet<string>;
  overrides: OverrideLabels;
  /** Names of the subgraphs that it was composed from. */
  subgraphNames: readonly string[];
}

/** What a supergraph may ask of whoever executes it: the authorization directives are enforced here (policy). */
const supportedFeatures = new Set([
  ...DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  'https://specs.apollo.dev/authenticated/v0.1',
  'https://specs.apollo.dev/requiresScopes/v0.1',
  'https://specs.apollo.dev/policy/v0.1',
  'https://specs.apollo.dev/context/v0.1',
]);

/** @throws when the SDL is not a supergraph, or asks for a feature that is not supported here. */
export function loadSupergraph(sdl: string): Supergraph {
  const composed = FederatedSupergraph.build(sdl, { supportedFeatures });
  const apiSchema = composed.apiSchema();
  const document = parse(sdl, { noLocation: true });
  const supergraphSchema = composed.schema.toGraphQLJSSchema();
  const identityNames = readIdentityNames(document);
  return {
    // Incremental delivery is the gateway's own: no subgraph, and no file of the schema, knows of it.
    schema: apiSchema.toGraphQLJSSchema({ includeDefer: true }),
    apiSchema,
    supergraphSchema,
    planner: createPlanner(composed),
    policy: publicPolicyOf(document),
    costs: readCostDirectives(document),
    identityNames,
    overrides: readOverrideLabels({ supergraphSchema, identityNames }),
    subgraphNames: composed.subgraphsMetadata().map(({ name }) => name),
  };
}
