// Which parts of the schema an operation asks for.
import {
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { concreteTypes, isMetaField } from '../authorization/denials.ts';
import { operationAlone } from '../operationAlone.ts';

export interface UsedCoordinates {
  /** `Type.field` and `Type.field(argument:)`, each once. */
  all: readonly string[];
  /** Those of them that are deprecated. */
  deprecated: readonly string[];
}

/**
 * All that the operation's text names, whether or not it is skipped or denied: without it the text would not be valid.
 * A field that is asked on an interface counts for it and for each type behind it, since none of them could do without.
 */
export function usedCoordinates(
  schema: GraphQLSchema,
  { document, operation }: { document: DocumentNode; operation: OperationDefinitionNode },
): UsedCoordinates {
  const all = new Set<string>();
  const deprecated = new Set<string>();
  const typeInfo = new TypeInfo(schema);
  const use = (coordinate: string, isDeprecated: boolean): void => {
    all.add(coordinate);
    if (isDeprecated) deprecated.add(coordinate);
  };
  visit(
    operationAlone(document, operation.name?.value),
    visitWithTypeInfo(typeInfo, {
      Field({ name, arguments: given = [] }) {
        const parent = typeInfo.getParentType();
        if (!parent || isMetaField(name.value)) return isMetaField(name.value) ? false : undefined;
        for (const type of new Set([parent, ...concreteTypes(schema, parent)])) {
          const field = 'getFields' in type ? type.getFields()[name.value] : undefined;
          if (field === undefined) continue;
          const coordinate = `${type.name}.${name.value}`;
          use(coordinate, field.deprecationReason !== undefined && field.deprecationReason !== null);
          for (const argument of given) {
            const known = field.args.find((each) => each.name === argument.name.value);
            const reason = known?.deprecationReason ?? undefined;
            if (known) use(`${coordinate}(${known.name}:)`, reason !== undefined);
          }
        }
        return undefined;
      },
    }),
  );
  return { all: [...all], deprecated: [...deprecated] };
}
