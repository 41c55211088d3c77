import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type ValidationRule,
  type ValueNode,
  visit,
} from 'graphql';

/**
 * Names of fields by which subgraphs are told what an object is, or what they need to know of it or of what is around
 * it.
 */
export function readIdentityNames(supergraph: DocumentNode): Set<string> {
  const names = new Set<string>();
  const addAll = (value: ValueNode) => {
    if (value.kind !== Kind.STRING) return;
    for (const field of value.value.match(/[_A-Za-z]\w*/g) ?? []) names.add(field);
  };
  visit(supergraph, {
    Directive({ name: directive, arguments: given = [] }) {
      for (const { name, value } of given) {
        const argument = `${directive.value} ${name.value}`;
        if (argument === 'join__type key' || argument === 'join__field requires') addAll(value);
        else if (argument === 'join__field contextArguments') eachSelection(value, addAll);
      }
    },
  });
  return names;
}

/** @param contexts a list of what arguments are taken from, as `join__ContextArgument` */
function eachSelection(contexts: ValueNode, visitSelection: (selection: ValueNode) => void): void {
  if (contexts.kind !== Kind.LIST) return;
  for (const each of contexts.values)
    if (each.kind === Kind.OBJECT)
      for (const { name, value } of each.fields) if (name.value === 'selection') visitSelection(value);
}

/**
 * Refuses another field under the name of a field by which its object is known. The planner asks for that field under
 * its own name, so that one of the two would stand where the other is read: the wrong answer, or another object's.
 * @param schema of the supergraph: a key can be hidden from clients
 */
export function identityAliases(schema: GraphQLSchema, names: ReadonlySet<string>): ValidationRule {
  const hasField = (typeName: string, fieldName: string): boolean => {
    const type = schema.getType(typeName);
    if (isAbstractType(type)) {
      return (
        (isInterfaceType(type) && type.getFields()[fieldName] !== undefined) ||
        schema.getPossibleTypes(type).some((possible) => possible.getFields()[fieldName] !== undefined)
      );
    }
    return isObjectType(type) && type.getFields()[fieldName] !== undefined;
  };
  return (context): ASTVisitor => ({
    Field({ alias, name }) {
      if (alias === undefined || alias.value === name.value || !names.has(alias.value)) return;
      const parent = context.getParentType();
      if (!parent || !hasField(parent.name, alias.value)) return;
      const message = `"${name.value}" can't be asked for as "${alias.value}", by which a ${parent.name} is known. Choose another alias.`;
      context.reportError(new GraphQLError(message, { nodes: alias }));
    },
  });
}
