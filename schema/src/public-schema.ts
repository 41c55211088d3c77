// What clients see: the supergraph without its joins and what is @inaccessible, and with the permission
// that each field takes, because a client has to ask for it.

import { authorizationDirectives } from '@supergraph/chassis/policy/directives';
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
} from 'graphql';

const directiveDefinitions = /* GraphQL */ `
  "Takes a viewer who is signed in."
  directive @authenticated on FIELD_DEFINITION | OBJECT
  "Takes all of one inner list: permissions, or that an argument or a field of the object is the viewer's. \`public\` is everybody's."
  directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION | OBJECT
  "Takes OAuth scopes: all of one inner list."
  directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION | OBJECT
`;

const rootTypes = ['Query', 'Mutation', 'Subscription'];

export interface PublicSchemaParts {
  supergraph: DocumentNode;
  /** The same schema without joins and inaccessible elements. */
  visible: GraphQLSchema;
}

/** SDL: the root types first, then all others by name; fields in the order of their authors. */
export function publicSchema({ supergraph, visible }: PublicSchemaParts): string {
  const marks = authorizationMarks(supergraph);
  const marked = (coordinate: string, existing: readonly ConstDirectiveNode[] = []) => [
    ...existing,
    ...(marks.get(coordinate) ?? []),
  ];
  const definitions = parse(printSchema(visible), { noLocation: true }).definitions.flatMap(
    (node): DefinitionNode[] => {
      if (node.kind === Kind.DIRECTIVE_DEFINITION) return []; // those of federation
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return [node];
      const typeName = node.name.value;
      const fields = node.fields?.map((field) => ({
        ...field,
        directives: marked(`${typeName}.${field.name.value}`, field.directives),
      }));
      return [{ ...node, directives: marked(typeName, node.directives), ...(fields && { fields }) }];
    },
  );
  definitions.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)); // names are unique: there are no ties
  const { definitions: directives } = parse(directiveDefinitions, { noLocation: true });
  return `${print({ kind: Kind.DOCUMENT, definitions: [...directives, ...definitions] })}\n`;
}

// Coordinate → its authorization directives under their standard names.
function authorizationMarks(supergraph: DocumentNode): Map<string, ConstDirectiveNode[]> {
  const known = authorizationDirectives(supergraph);
  const standard = (directives: readonly ConstDirectiveNode[] = []) =>
    directives.flatMap((directive) => {
      const value = known.get(directive.name.value);
      return value === undefined ? [] : [{ ...directive, name: { kind: Kind.NAME as const, value } }];
    });
  const objects = supergraph.definitions.filter(
    (node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION,
  );
  return new Map(
    objects.flatMap((node) => [
      [node.name.value, standard(node.directives)] as const,
      ...(node.fields ?? []).map(
        (field) => [`${node.name.value}.${field.name.value}`, standard(field.directives)] as const,
      ),
    ]),
  );
}

function sortKey(node: DefinitionNode): string {
  if (!('name' in node) || node.name === undefined) return '0';
  const position = rootTypes.indexOf(node.name.value);
  return position >= 0 ? `${position + 1}` : `9${node.name.value}`;
}
