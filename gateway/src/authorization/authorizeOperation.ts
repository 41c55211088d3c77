// Decides, before anything is planned, which fields of an operation its viewer may see.
import type { Denial, Policy } from '@supergraph/chassis/policy';
import type { Viewer } from '@supergraph/chassis/viewer';
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  isIntrospectionType,
  type OperationDefinitionNode,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { concreteTypes, type Denials, isMetaField } from './denials.ts';
import { pruneOperation } from './pruneOperation.ts';

export interface AuthorizedOperation {
  /** What to plan and execute; null when the viewer may see nothing of it. */
  document: DocumentNode | null;
  /** Empty when the viewer may see all that was asked: then `document` is the one that came in. */
  denials: Denials;
  /** Response key under which the pruned operation asks for concrete types; not part of the answer. */
  typenameKey: string;
}

export interface OperationToAuthorize {
  schema: GraphQLSchema;
  policy: Policy;
  viewer: Viewer;
  document: DocumentNode;
  operation: OperationDefinitionNode;
}

/** The part of a valid operation that `viewer` may see. */
export function authorizeOperation(options: OperationToAuthorize): AuthorizedOperation {
  const { schema, document, operation } = options;
  const { denials, responseKeys } = inspect(options);
  const typenameKey = freeName(responseKeys);
  if (denials.size === 0) return { document, denials, typenameKey };
  return {
    document: pruneOperation({ schema, document, operation, denials, typenameKey }),
    denials,
    typenameKey,
  };
}

interface Inspection {
  denials: Denials;
  responseKeys: ReadonlySet<string>;
}

// Looks at the operation and the fragments that it uses, each once. Other operations of the document don't run:
// what is denied there was not asked for.
function inspect({ schema, policy, viewer, document, operation }: OperationToAuthorize): Inspection {
  const denials = new Map<string, Denial>();
  const responseKeys = new Set<string>();
  const typeInfo = new TypeInfo(schema);
  const decide = (typeName: string, fieldName: string): void => {
    const decision = policy.decide(viewer, { typeName, fieldName });
    if (decision !== 'allowed') denials.set(`${typeName}.${fieldName}`, decision);
  };
  visit(
    separateOperations(document)[operation.name?.value ?? ''] ?? document,
    visitWithTypeInfo(typeInfo, {
      Field(node: FieldNode) {
        responseKeys.add((node.alias ?? node.name).value);
        const parent = typeInfo.getParentType();
        if (!parent) return;
        const fieldName = node.name.value;
        if (fieldName === '__schema' || fieldName === '__type') {
          // The schema is for those who signed in; what it tells them is the public API.
          if (viewer.isAnonymous) denials.set(`${parent.name}.${fieldName}`, 'UNAUTHENTICATED');
          return false;
        }
        // Below those two, in fragments too: whoever may ask them may see all that they tell.
        if (isMetaField(fieldName) || isIntrospectionType(parent)) return;
        for (const type of concreteTypes(schema, parent)) decide(type.name, fieldName);
      },
    }),
  );
  return { denials, responseKeys };
}

function freeName(taken: ReadonlySet<string>): string {
  let name = '__concreteType';
  while (taken.has(name)) name += '_';
  return name;
}
