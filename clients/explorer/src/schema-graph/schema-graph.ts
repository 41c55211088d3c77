// The schema as a graph: composite types, and the fields that lead from one to another.
import {
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

export interface TypeNode {
  name: string;
  kind: 'type' | 'interface' | 'union';
  fields: FieldRow[];
}

export interface FieldRow {
  name: string;
  /** Its type as the schema writes it. */
  type: string;
  /** The composite type that it leads to; null for a leaf. */
  target: string | null;
}

export interface TypeLink {
  from: string;
  /** The field that leads there; null for a member of a union or an implementation of an interface. */
  field: string | null;
  to: string;
}

export interface SchemaGraph {
  nodes: TypeNode[];
  links: TypeLink[];
}

/** What can be reached from a type. Pages of lists (Relay) are left out: their fields lead to the items themselves. */
export function schemaGraph(schema: GraphQLSchema, rootName: string): SchemaGraph {
  const root = schema.getType(rootName);
  const nodes = new Map<string, TypeNode>();
  const links: TypeLink[] = [];
  const visit = (type: GraphQLNamedType | undefined): void => {
    if (!isCompositeType(type) || nodes.has(type.name)) return;
    const node: TypeNode = { name: type.name, kind: kindOf(type), fields: [] };
    nodes.set(type.name, node);
    for (const field of 'getFields' in type ? Object.values(type.getFields()) : []) {
      const target = itemType(getNamedType(field.type));
      node.fields.push({ name: field.name, type: String(field.type), target: target?.name ?? null });
      if (!target) continue;
      links.push({ from: type.name, field: field.name, to: target.name });
      visit(target);
    }
    if (isObjectType(type)) return;
    for (const possible of schema.getPossibleTypes(type)) {
      links.push({ from: type.name, field: null, to: possible.name });
      visit(possible);
    }
  };
  visit(root);
  return { nodes: [...nodes.values()], links };
}

function kindOf(type: GraphQLCompositeType): TypeNode['kind'] {
  if (isObjectType(type)) return 'type';
  return isInterfaceType(type) ? 'interface' : 'union';
}

/** The items' type of a page, or the type itself; undefined for a leaf. */
function itemType(type: GraphQLNamedType): GraphQLCompositeType | undefined {
  if (!isCompositeType(type)) return undefined;
  if (!isObjectType(type) || !type.name.endsWith('Connection')) return type;
  const fields = type.getFields();
  const edge = fields.edges && getNamedType(fields.edges.type);
  const items = fields.nodes ?? (isObjectType(edge) ? edge.getFields().node : undefined);
  const item = items && getNamedType(items.type);
  return isCompositeType(item) ? item : type;
}
