// The types of a subgraph's resolvers, out of its SDL.
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as typescriptResolvers from '@graphql-codegen/typescript-resolvers';
import { type DocumentNode, Kind, visit } from 'graphql';
import { elementsOf } from './elements.ts';
import type { Finding } from './finding.ts';
import type { Subgraph } from './subgraphs.ts';

/**
 * GraphQL type → the TypeScript type that its resolvers get as parent, as `./file.ts#Type` seen from the subgraph's
 * src. A type without a row is its own parent: an object that has all its fields.
 */
export type ParentTypes = Readonly<Record<string, `./${string}.ts#${string}`>>;

// What the generated types need of federation; permissions are no resolver's affair.
const kept = new Set(['key', 'external', 'requires', 'provides', 'deprecated']);

const config: typescript.TypeScriptPluginConfig & typescriptResolvers.TypeScriptResolversPluginConfig = {
  contextType: './context.ts#Context', // every subgraph has one
  federation: true,
  useTypeImports: true,
  enumsAsTypes: true, // Node runs erasable TypeScript alone, and an enum is none
  scalars: { DateTime: { input: 'string', output: 'Date' } },
};

export interface ResolverTypesOptions {
  subgraph: Subgraph;
  parentTypes: ParentTypes;
}

/** The text of a subgraph's src/schema.generated.ts. */
export async function resolverTypes({ subgraph, parentTypes }: ResolverTypesOptions): Promise<string> {
  return codegen({
    filename: `subgraphs/${subgraph.name}/src/schema.generated.ts`,
    schema: withoutPermissions(subgraph.document),
    documents: [],
    config: { ...config, mappers: parentTypes, disableFederationDirectiveAndScalarInjection: true },
    plugins: [{ typescript: {} }, { typescriptResolvers: {} }],
    pluginMap: { typescript, typescriptResolvers },
  });
}

function withoutPermissions(document: DocumentNode): DocumentNode {
  return visit(document, {
    [Kind.SCHEMA_EXTENSION]: () => null,
    [Kind.DIRECTIVE_DEFINITION]: () => null,
    // What only directives take is named after its feature.
    [Kind.ENUM_TYPE_DEFINITION]: (node) => (node.name.value.includes('__') ? null : undefined),
    [Kind.DIRECTIVE]: (node) => (kept.has(node.name.value) ? undefined : null),
  });
}

/** Lines of the table that stand for nothing: a type that was renamed, a subgraph that is gone. */
export function lintParentTypes(
  subgraphs: readonly Subgraph[],
  parentTypes: Readonly<Record<string, ParentTypes>>,
): Finding[] {
  return Object.entries(parentTypes).flatMap(([name, types]) => {
    const subgraph = subgraphs.find((each) => each.name === name);
    const declared = new Set(subgraph && elementsOf(subgraph).map(({ coordinate }) => coordinate));
    return Object.keys(types)
      .filter((type) => !declared.has(type))
      .map((type) => ({
        where: 'codegen.ts',
        problem: `${name} has no type ${type}.`,
        remedy: 'Remove the line, or name the type as the SDL does.',
      }));
  });
}
