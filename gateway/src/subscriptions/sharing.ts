// Who may share a subscription: subscribers who ask the same and may see the same. What they share is asked for with a
// passport that stands for their rights and says nothing of any of them, so that nobody can get what is another's.
import type { FieldCoordinate, Policy } from '@supergraph/chassis/policy';
import { sharedViewer, type Viewer } from '@supergraph/chassis/viewer';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { concreteTypes } from '../authorization/denials.ts';
import type { PreparedOperation } from '../operations.ts';

export interface Sharing {
  /** Equal for subscriptions that bring equal results. */
  key: string;
  /** The operation as it is asked for: for all who share it. */
  prepared: PreparedOperation;
}

export interface SharingOptions {
  schema: GraphQLSchema;
  policy: Policy;
  /** With the directives beside the fields. */
  supergraphSchema: GraphQLSchema;
}

export function createSharing(options: SharingOptions): (prepared: PreparedOperation) => Sharing {
  const { schema, policy, supergraphSchema } = options;
  const own = privateFields(supergraphSchema);
  const known = new WeakMap<DocumentNode, WeakMap<Viewer, boolean>>();
  const rights = new WeakMap<Viewer, string>();

  function dependsOnPerson(document: DocumentNode, viewer: Viewer): boolean {
    const byViewer = known.get(document) ?? new WeakMap<Viewer, boolean>();
    known.set(document, byViewer);
    const decided = byViewer.get(viewer) ?? asksAnyOf(document, schema, isOfPerson(viewer));
    byViewer.set(viewer, decided);
    return decided;
  }

  /** Marked as the viewer's own, or by a rule that this viewer's rights leave open until it is known who they are. */
  const isOfPerson = (viewer: Viewer) => (field: FieldCoordinate) =>
    own.has(`${field.typeName}.${field.fieldName}`) || policy.decide(viewer, field) === 'conditional';

  function rightsOf(viewer: Viewer): string {
    const written = rights.get(viewer);
    if (written !== undefined) return written;
    const { tenantId, roles, permissions, scopes, isAnonymous } = viewer;
    const lists = [roles, [...permissions], [...scopes]].map((list) => [...list].sort());
    const text = JSON.stringify([isAnonymous, tenantId, ...lists]);
    rights.set(viewer, text);
    return text;
  }

  return (prepared) => {
    const { authorized, variables, request } = prepared;
    const { viewer } = request.context.session;
    const what = JSON.stringify([authorized.key, variables]);
    if (dependsOnPerson(authorized.asked, viewer))
      return {
        key: `${what}${rightsOf(viewer)}${JSON.stringify([viewer.subject, viewer.clientId])}`,
        prepared,
      };
    const context = {
      session: sharedSession(viewer),
      requestId: request.context.requestId,
      ipAddress: undefined,
    };
    return { key: `${what}${rightsOf(viewer)}`, prepared: { ...prepared, request: { ...request, context } } };
  };
}

function sharedSession(viewer: Viewer) {
  return {
    viewer: sharedViewer(viewer),
    issuedAt: 0,
    expiresAt: Number.POSITIVE_INFINITY,
    onChange: () => () => undefined,
  };
}

/** `Type.field` of all that is marked `@cacheControl(scope: PRIVATE)`: one subject's own. */
function privateFields(supergraphSchema: GraphQLSchema): ReadonlySet<string> {
  const fields = new Set<string>();
  for (const type of Object.values(supergraphSchema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const { name, astNode } of Object.values(type.getFields())) {
      if (astNode?.directives?.some(isPrivate)) fields.add(`${type.name}.${name}`);
    }
  }
  return fields;
}

function isPrivate({ name, arguments: given = [] }: ConstDirectiveNode): boolean {
  return (
    name.value === 'cacheControl' &&
    given.some(
      (each) => each.name.value === 'scope' && 'value' in each.value && each.value.value === 'PRIVATE',
    )
  );
}

function asksAnyOf(
  document: DocumentNode,
  schema: GraphQLSchema,
  isWanted: (field: FieldCoordinate) => boolean,
): boolean {
  let found = false;
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const parent = typeInfo.getParentType();
        if (!parent) return;
        const fieldName = node.name.value;
        found ||= concreteTypes(schema, parent).some(({ name }) => isWanted({ typeName: name, fieldName }));
      },
    }),
  );
  return found;
}
