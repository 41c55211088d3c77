// Who may share a subscription: subscribers who ask the same and may see the same. What they share is asked for with a
// passport that stands for their rights and says nothing of any of them, so that nobody can get what is another's.
import type { Policy } from '@supergraph/chassis/policy';
import { rulesIn } from '@supergraph/chassis/policy/rules';
import { sharedViewer, type Viewer } from '@supergraph/chassis/viewer';
import {
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

/** The directive of fields whose value depends on who asks. */
const perViewerDirective = 'perViewer';

export function createSharing(options: SharingOptions): (prepared: PreparedOperation) => Sharing {
  const { schema } = options;
  const perViewer = perViewerFields(options);
  const known = new WeakMap<DocumentNode, boolean>();
  const rights = new WeakMap<Viewer, string>();

  function dependsOnViewer(document: DocumentNode): boolean {
    const decided = known.get(document);
    if (decided !== undefined) return decided;
    const depends = asksAnyOf(document, { schema, fields: perViewer });
    known.set(document, depends);
    return depends;
  }

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
    if (dependsOnViewer(authorized.asked))
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

/** `Type.field` of all that the schema marks, or whose rules read who asks. */
function perViewerFields({ policy, supergraphSchema }: SharingOptions): ReadonlySet<string> {
  const fields = new Set<string>();
  for (const type of Object.values(supergraphSchema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.astNode?.directives?.some(({ name }) => name.value === perViewerDirective))
        fields.add(`${type.name}.${field.name}`);
    }
  }
  for (const [typeName, requirements] of policy.requirements) {
    for (const [fieldName, requirement] of requirements) {
      if (rulesIn(requirement).some(({ kind }) => kind === 'field' || kind === 'argument'))
        fields.add(`${typeName}.${fieldName}`);
    }
  }
  return fields;
}

function asksAnyOf(
  document: DocumentNode,
  { schema, fields }: { schema: GraphQLSchema; fields: ReadonlySet<string> },
): boolean {
  let found = false;
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const parent = typeInfo.getParentType();
        if (!parent) return;
        found ||= concreteTypes(schema, parent).some(({ name }) => fields.has(`${name}.${node.name.value}`));
      },
    }),
  );
  return found;
}
