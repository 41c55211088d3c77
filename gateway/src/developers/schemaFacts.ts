// What developers learn of each field of the public schema beside its SDL: who answers it and what it takes.
import { createHash } from 'node:crypto';
import { inWords, type Policy } from '@supergraph/chassis/policy';
import {
  type ConstDirectiveNode,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getDirectiveValues,
  getNamedType,
  isCompositeType,
  isEnumType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import { concreteTypes } from '../authorization/denials.ts';
import type { Supergraph } from '../execution/supergraph.ts';

export interface SchemaFacts {
  /** Names of the subgraphs, in the order of their colours. */
  subgraphs: readonly string[];
  /** Composite type → names of the subgraphs that know it. */
  types: Readonly<Record<string, readonly string[]>>;
  /** `Type.field` → what is to be known of it. */
  fields: Readonly<Record<string, FieldFacts>>;
}

export interface FieldFacts {
  /** Names of the subgraphs that answer it. */
  subgraphs: readonly string[];
  /** What it takes to see it, in words; one entry for each different answer of an abstract type's concrete types. */
  takes: readonly string[];
  cost: FieldCost;
}

/** What the schema says of costs (`@cost`, `@listSize`). */
export interface FieldCost {
  /** For each value of the field; null where it says nothing: an object costs 1, a value 0. */
  weight: number | null;
  /** Items that its list, or the list in the page that it returns, is taken to have; null where that is not said. */
  assumedSize: number | null;
  /** Arguments that say how many items it returns. */
  sizedBy: readonly string[];
}

export interface SchemaFactsDocument {
  /** JSON of the facts. */
  body: string;
  /** Changes with the body alone. */
  etag: string;
}

/** The facts as they are served. Weak (RFC 9110 §8.8.1), since a proxy may compress them. */
export function schemaFactsDocument(supergraph: SchemaFactsSource): SchemaFactsDocument {
  const body = JSON.stringify(readSchemaFacts(supergraph));
  return { body, etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

export type SchemaFactsSource = Pick<
  Supergraph,
  'schema' | 'supergraphSchema' | 'policy' | 'costs' | 'subgraphNames'
>;

/** Only what the public schema has is told; where the subgraphs are is not. */
export function readSchemaFacts(supergraph: SchemaFactsSource): SchemaFacts {
  const { schema, supergraphSchema, policy, costs, subgraphNames } = supergraph;
  const names = graphNames(supergraphSchema);
  const types: Record<string, readonly string[]> = {};
  const fields: Record<string, FieldFacts> = {};
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isCompositeType(type) || isIntrospectionType(type)) continue;
    const joined = supergraphSchema.getType(type.name);
    const ofType = graphsOf(joined).flatMap((graph) => names.get(graph) ?? []);
    types[type.name] = ofType;
    if (!('getFields' in type)) continue;
    for (const fieldName of Object.keys(type.getFields())) {
      const node = joined && 'getFields' in joined ? joined.getFields()[fieldName]?.astNode : undefined;
      const owners = resolvingGraphs(node?.directives ?? []);
      fields[`${type.name}.${fieldName}`] = {
        subgraphs: owners?.flatMap((graph) => names.get(graph) ?? []) ?? ofType,
        takes: taken({ schema, policy, type, fieldName }),
        cost: costOf(type, fieldName, costs),
      };
    }
  }
  return { subgraphs: subgraphNames, types, fields };
}

// Values of the enum join__Graph stand for subgraphs in the join directives; it carries their URLs, too.
function graphNames(supergraphSchema: GraphQLSchema): ReadonlyMap<string, string> {
  const graphs = supergraphSchema.getType('join__Graph');
  const directive = supergraphSchema.getDirective('join__graph');
  const names = new Map<string, string>();
  if (!isEnumType(graphs) || !directive) return names;
  for (const value of graphs.getValues()) {
    const name = value.astNode && getDirectiveValues(directive, value.astNode)?.name;
    if (typeof name === 'string') names.set(value.name, name);
  }
  return names;
}

function graphsOf(type: GraphQLNamedType | undefined): string[] {
  const directives = [type?.astNode, ...(type?.extensionASTNodes ?? [])].flatMap(
    (node) => node?.directives ?? [],
  );
  const graphs = directives
    .filter(({ name }) => name.value === 'join__type')
    .map((node) => text(node, 'graph'));
  return [...new Set(graphs)].filter((graph) => graph !== undefined);
}

/** Undefined for a field that every subgraph of its type answers. */
function resolvingGraphs(directives: readonly ConstDirectiveNode[]): string[] | undefined {
  const joins = directives.filter(({ name }) => name.value === 'join__field');
  const named = joins.flatMap((node) => {
    const graph = text(node, 'graph');
    // A field that is external, or was taken over by another subgraph, is known there and answered elsewhere.
    const isElsewhere = isTrue(node, 'external') || isTrue(node, 'usedOverridden');
    return graph === undefined || isElsewhere ? [] : [graph];
  });
  return named.length > 0 ? named : undefined;
}

function taken(of: {
  schema: GraphQLSchema;
  policy: Policy;
  type: GraphQLCompositeType;
  fieldName: string;
}): string[] {
  const { schema, policy, type, fieldName } = of;
  const types = isObjectType(type) ? [type] : concreteTypes(schema, type);
  const words = types.map(({ name }) => {
    const requirement = policy.requirements.get(name)?.get(fieldName) ?? [];
    // To hold a permission, one has signed in.
    const beyond = requirement.filter(({ kind }) => kind !== 'authenticated');
    return inWords(beyond.length > 0 ? beyond : requirement);
  });
  return [...new Set(words)];
}

function costOf(type: GraphQLCompositeType, fieldName: string, costs: Supergraph['costs']): FieldCost {
  const coordinate = `${type.name}.${fieldName}`;
  const named = 'getFields' in type ? getNamedType(type.getFields()[fieldName]?.type) : undefined;
  const size = costs.listSizes.get(coordinate);
  return {
    weight: costs.weights.get(coordinate) ?? (named && costs.weights.get(named.name)) ?? null,
    assumedSize: size?.assumedSize ?? null,
    sizedBy: size?.slicingArguments ?? [],
  };
}

function argument(node: ConstDirectiveNode, name: string) {
  return node.arguments?.find((given) => given.name.value === name)?.value;
}

function text(node: ConstDirectiveNode, name: string): string | undefined {
  const value = argument(node, name);
  return value && 'value' in value && typeof value.value === 'string' ? value.value : undefined;
}

function isTrue(node: ConstDirectiveNode, name: string): boolean {
  const value = argument(node, name);
  return value !== undefined && 'value' in value && value.value === true;
}
