// Labels of fields that move from one subgraph to another step by step (Apollo Federation,
// `@override(from:, label:)`): which of them may change how an operation is planned.
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { operationAlone } from '../operationAlone.ts';

export interface OverrideLabels {
  /** Those of the supergraph. */
  readonly all: readonly string[];
  /**
   * Those of the fields that an operation asks for, and of those that the planner may add for them: keys, and what is
   * required.
   */
  of(document: DocumentNode, operationName: string | undefined): readonly string[];
}

export interface OverrideLabelsOptions {
  /** With the join directives. */
  supergraphSchema: GraphQLSchema;
  /** Names of fields that the planner may add. */
  identityNames: ReadonlySet<string>;
}

export function readOverrideLabels({
  supergraphSchema: schema,
  identityNames,
}: OverrideLabelsOptions): OverrideLabels {
  const labels = new Map<string, readonly string[]>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const { name, astNode } of Object.values(type.getFields())) {
      const own = (astNode?.directives ?? []).flatMap(labelIn);
      if (own.length > 0) labels.set(`${type.name}.${name}`, own);
    }
  }
  const all = [...new Set([...labels.values()].flat())].sort();

  return {
    all,
    of(document, operationName) {
      if (all.length === 0) return all;
      const asked = new Set<string>();
      const types = new Set<string>();
      const typeInfo = new TypeInfo(schema);
      visit(
        operationAlone(document, operationName),
        visitWithTypeInfo(typeInfo, {
          Field({ name }) {
            for (const related of relatedTypes(schema, typeInfo.getParentType())) {
              types.add(related.name);
              asked.add(`${related.name}.${name.value}`);
            }
            const type = typeInfo.getType();
            for (const related of relatedTypes(schema, type && getNamedType(type))) types.add(related.name);
          },
        }),
      );
      // A set gives what is added while it is looked through.
      for (const name of types) {
        const type = schema.getType(name);
        if (!isObjectType(type) && !isInterfaceType(type)) continue;
        for (const field of Object.values(type.getFields())) {
          if (!identityNames.has(field.name)) continue;
          asked.add(`${name}.${field.name}`);
          for (const related of relatedTypes(schema, getNamedType(field.type))) types.add(related.name);
        }
      }
      return [...new Set([...asked].flatMap((coordinate) => labels.get(coordinate) ?? []))].sort();
    },
  };
}

function labelIn({ name: directive, arguments: given = [] }: ConstDirectiveNode): string[] {
  if (directive.value !== 'join__field') return [];
  return given.flatMap(({ name, value }) =>
    name.value === 'overrideLabel' && value.kind === Kind.STRING ? [value.value] : [],
  );
}

/** The type, those that it may be, and those that each of these belongs to. */
function relatedTypes(
  schema: GraphQLSchema,
  type: GraphQLNamedType | null | undefined,
): readonly GraphQLNamedType[] {
  if (!type) return [];
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
  return [type, ...possible, ...possible.flatMap((each) => each.getInterfaces())];
}
