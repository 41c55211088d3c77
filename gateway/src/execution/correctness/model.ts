// What the subgraphs' SDLs say together, as far as whoever speaks for them must know it.
import {
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';
import { type ContextualArgument, readContexts } from './contextModel.ts';

export interface Model {
  supergraphSchema: GraphQLSchema;
  /** What a field is computed from, where a subgraph requires that of others. */
  requirement(typeName: string, fieldName: string): SelectionSetNode | undefined;
  /** Arguments that come from around the object. */
  contextual(typeName: string, fieldName: string): readonly ContextualArgument[];
  /** Whether null is forbidden at each level, lists from outside in, by whichever subgraph is strictest. */
  strictness(typeName: string, fieldName: string): readonly boolean[];
  /** Concrete types that every subgraph which declares the field may answer with. */
  possibleTypes(typeName: string, fieldName: string): readonly string[];
  /** The keys that a subgraph declares for a type. */
  keys(subgraph: string, typeName: string): readonly SelectionSetNode[];
  isKeyField(fieldName: string): boolean;
  /** How a subgraph calls objects of a concrete type: by its name, or by that of an interface object. */
  nameIn(subgraph: string, typeName: string): string | undefined;
  /** Whether a concrete type is, or belongs to, another. */
  isOf(typeName: string, condition: string): boolean;
  /** Whether some fields need what clients did not ask for. */
  readonly hasRequirements: boolean;
  readonly hasInterfaceObjects: boolean;
  /** Whether more than one subgraph answers a field that is part of no key. */
  readonly hasSharedFields: boolean;
}

export interface ModelOptions {
  supergraphSchema: GraphQLSchema;
  documents: ReadonlyMap<string, DocumentNode>;
  schemas: ReadonlyMap<string, GraphQLSchema>;
}

interface Declaration {
  subgraph: string;
  typeName: string;
  field: FieldDefinitionNode;
}

export function createModel({ supergraphSchema, documents, schemas }: ModelOptions): Model {
  const declarations: Declaration[] = [];
  const contexts = readContexts(documents);
  const keys = new Map<string, SelectionSetNode[]>();
  const keyFields = new Set<string>();
  const interfaceObjects = new Set<string>();
  for (const [subgraph, document] of documents) {
    for (const type of document.definitions) {
      if (!('name' in type) || !('fields' in type) || !type.name) continue;
      const typeName = type.name.value;
      for (const directive of type.directives ?? []) {
        if (directive.name.value === 'interfaceObject') interfaceObjects.add(`${subgraph}:${typeName}`);
        if (directive.name.value !== 'key') continue;
        const key = selectionOf(directive);
        keys.set(`${subgraph}:${typeName}`, [...(keys.get(`${subgraph}:${typeName}`) ?? []), key]);
        for (const name of fieldNames(key)) keyFields.add(name);
      }
      for (const field of type.fields ?? []) {
        if (field.kind === Kind.FIELD_DEFINITION) declarations.push({ subgraph, typeName, field });
      }
    }
  }

  const namesOf = (typeName: string): readonly string[] => {
    const type = supergraphSchema.getType(typeName);
    return isObjectType(type) ? [typeName, ...type.getInterfaces().map(({ name }) => name)] : [typeName];
  };
  const declared = (typeName: string, fieldName: string): Declaration[] =>
    declarations.filter(
      ({ subgraph, typeName: declaring, field }) =>
        field.name.value === fieldName &&
        (declaring === typeName ||
          (interfaceObjects.has(`${subgraph}:${declaring}`) && namesOf(typeName).includes(declaring))),
    );

  function concreteTypes(subgraph: string, name: string): string[] {
    const here = schemas.get(subgraph)?.getType(name);
    const everywhere = supergraphSchema.getType(name);
    const inSupergraph = isAbstractType(everywhere)
      ? supergraphSchema.getPossibleTypes(everywhere).map((type) => type.name)
      : [name];
    if (!isAbstractType(here)) return inSupergraph;
    return (
      schemas
        .get(subgraph)
        ?.getPossibleTypes(here)
        .map((type) => type.name) ?? []
    );
  }

  return {
    supergraphSchema,
    hasSharedFields: hasDuplicates(
      declarations
        .filter(({ field }) => !keyFields.has(field.name.value))
        .map(({ typeName, field }) => `${typeName}.${field.name.value}`),
    ),
    hasInterfaceObjects: interfaceObjects.size > 0,
    hasRequirements:
      contexts.size > 0 || declarations.some(({ field }) => requirementOf(field) !== undefined),
    contextual: (typeName, fieldName) => contexts.get(`${typeName}.${fieldName}`) ?? [],
    requirement: (typeName, fieldName) =>
      declared(typeName, fieldName)
        .map(({ field }) => requirementOf(field))
        .find((selection) => selection !== undefined),
    strictness(typeName, fieldName) {
      const all = declared(typeName, fieldName).map(({ field }) => levels(field.type));
      const deepest = Math.max(0, ...all.map(({ length }) => length));
      return Array.from({ length: deepest }, (_, level) => all.some((each) => each[level] === true));
    },
    possibleTypes(typeName, fieldName) {
      const type = supergraphSchema.getType(typeName);
      const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
      if (!field) return [];
      const named = getNamedType(field.type);
      const all = isAbstractType(named)
        ? supergraphSchema.getPossibleTypes(named).map(({ name }) => name)
        : [named.name];
      return declared(typeName, fieldName).reduce((common, { subgraph, field: { type: declaredType } }) => {
        const here = concreteTypes(subgraph, baseName(declaredType));
        return common.filter((name) => here.includes(name));
      }, all);
    },
    keys: (subgraph, typeName) => keys.get(`${subgraph}:${typeName}`) ?? [],
    isKeyField: (fieldName) => keyFields.has(fieldName),
    nameIn: (subgraph, typeName) =>
      namesOf(typeName).find((name) => isObjectType(schemas.get(subgraph)?.getType(name))),
    isOf(typeName, condition) {
      const [type, other] = [supergraphSchema.getType(typeName), supergraphSchema.getType(condition)];
      if (typeName === condition || !isObjectType(type)) return typeName === condition;
      return isAbstractType(other) && supergraphSchema.isSubType(other, type);
    },
  };
}

function requirementOf(field: FieldDefinitionNode): SelectionSetNode | undefined {
  const directive = field.directives?.find(({ name }) => name.value === 'requires');
  return directive && selectionOf(directive);
}

function selectionOf({
  arguments: given,
}: NonNullable<FieldDefinitionNode['directives']>[number]): SelectionSetNode {
  const fields = given?.find(({ name }) => name.value === 'fields')?.value;
  const [definition] = parse(`{ ${fields?.kind === Kind.STRING ? fields.value : ''} }`).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('A selection is a query of its own.');
  return definition.selectionSet;
}

function fieldNames({ selections }: SelectionSetNode): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind !== Kind.FIELD) return [];
    return [selection.name.value, ...(selection.selectionSet ? fieldNames(selection.selectionSet) : [])];
  });
}

function levels(type: TypeNode): boolean[] {
  if (type.kind === Kind.NON_NULL_TYPE) return [true, ...levels(type.type).slice(1)];
  return type.kind === Kind.LIST_TYPE ? [false, ...levels(type.type)] : [false];
}

function baseName(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : baseName(type.type);
}

function hasDuplicates(names: readonly string[]): boolean {
  return new Set(names).size < names.length;
}
