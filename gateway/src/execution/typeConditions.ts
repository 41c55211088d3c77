import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';

/** Whether a value of the type `typeName` is asked by a fragment on `condition`. */
export function isOfType(schema: GraphQLSchema, typeName: string, condition: string): boolean {
  if (typeName === condition) return true;
  const type = schema.getType(typeName);
  const conditionType = schema.getType(condition);
  return (
    isAbstractType(conditionType) &&
    (isObjectType(type) || isInterfaceType(type)) &&
    schema.isSubType(conditionType, type)
  );
}

/** Names of the interfaces of a schema. */
export function interfaceNames(schema: GraphQLSchema): ReadonlySet<string> {
  const known = namesOfInterfaces.get(schema);
  if (known) return known;
  const types = Object.values(schema.getTypeMap()).filter(isInterfaceType);
  const names = new Set(types.map(({ name }) => name));
  namesOfInterfaces.set(schema, names);
  return names;
}

const namesOfInterfaces = new WeakMap<GraphQLSchema, ReadonlySet<string>>();
