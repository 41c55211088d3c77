// Decides, before anything is planned, which fields of an operation its viewer may see.
import { createHash } from 'node:crypto';
import type { Alternatives, Denial, Policy } from '@supergraph/chassis/policy';
import type { Viewer } from '@supergraph/chassis/viewer';
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isIntrospectionType,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { operationAlone } from '../operationAlone.ts';
import { type ArgumentCheck, compileArgumentCheck, type Request } from './argumentRules.ts';
import {
  type ArgumentDenials,
  type Belonging,
  concreteTypes,
  type Denials,
  isMetaField,
  type Ownership,
  type Ownerships,
} from './denials.ts';
import { mayLearnSchema } from './developers.ts';
import { pruneOperation } from './pruneOperation.ts';

/** The part of an operation that its viewer may see, and what stands in place of the rest. Plain data. */
export interface AuthorizedOperation {
  /** What to plan and execute; null when the viewer may see nothing of it. */
  document: DocumentNode | null;
  /** Whether the viewer may see all that was asked: then `document` is the one that came in, and its answer the answer. */
  isWhole: boolean;
  /** Fields that the viewer may not see, wherever they are asked. */
  denials: Denials;
  /** Fields that the viewer may not see with these arguments. Nodes are those of `asked`. */
  argumentDenials: ArgumentDenials;
  /** Fields that the viewer may see of some objects. */
  ownerships: Ownerships;
  /** Response key under which the pruned operation asks for concrete types; not part of the answer. */
  typenameKey: string;
  /** Equal for decisions that leave the same of one operation; empty for the whole of it. */
  digest: string;
  /** The document that came in. A text that is parsed again gives other nodes: the answer is shaped by these. */
  asked: DocumentNode;
}

export interface OperationToAuthorize {
  schema: GraphQLSchema;
  policy: Policy;
  viewer: Viewer;
  document: DocumentNode;
  operation: OperationDefinitionNode;
}

/** Decisions on one operation, valid for all viewers of one signature. */
export interface OperationAuthorization {
  /** Set where arguments have no say: the decision for every request. */
  readonly settled: AuthorizedOperation | undefined;
  /** What the arguments decide: equal for requests that are authorized alike. */
  outcomeOf(request: Request): string;
  /** The decision for requests of that outcome. */
  authorize(outcome: string): AuthorizedOperation;
}

/** The part of a valid operation that `viewer` may see. */
export function authorizeOperation(
  options: OperationToAuthorize & { variables?: Record<string, unknown> },
): AuthorizedOperation {
  const { viewer, variables = {} } = options;
  const { settled, outcomeOf, authorize } = decideOperation(options);
  return settled ?? authorize(outcomeOf({ viewer, variables }));
}

/** Decides all that depends on neither arguments nor data, and prepares what does. */
export function decideOperation(options: OperationToAuthorize): OperationAuthorization {
  const { schema, document, operation } = options;
  const { denials, checks, owned, places, responseKeys } = inspect(options);
  const typenameKey = freeName('__concreteType', responseKeys);
  const ownerships = ownershipsOf(owned, freeName('__owned', responseKeys));

  const authorized = (argumentDenials: ArgumentDenials): AuthorizedOperation => {
    const decided = { denials, argumentDenials, ownerships, typenameKey, asked: document };
    if (denials.size + argumentDenials.size + ownerships.size === 0)
      return { ...decided, document, isWhole: true, digest: '' };
    return {
      ...decided,
      document: pruneOperation({ schema, document, operation, ...decided }),
      isWhole: false,
      digest: digestOf(decided, places),
    };
  };
  return {
    settled: checks.length === 0 ? authorized(new Map()) : undefined,
    outcomeOf: (request) => checks.map(({ isMet }) => (isMet(request) ? '1' : '0')).join(''),
    authorize: (outcome) => authorized(argumentDenialsOf(checks, outcome)),
  };
}

interface Inspection {
  denials: Denials;
  checks: ArgumentCheck[];
  /** Coordinates of fields whose objects decide. */
  owned: ReadonlyMap<string, Alternatives>;
  /** Field node → its number in the operation, the same whenever its text is parsed. */
  places: ReadonlyMap<FieldNode, number>;
  responseKeys: ReadonlySet<string>;
}

// Looks at the operation and the fragments that it uses, each once. Other operations of the document don't run:
// what is denied there was not asked for.
function inspect({ schema, policy, viewer, document, operation }: OperationToAuthorize): Inspection {
  const denials = new Map<string, Denial>();
  const checks: ArgumentCheck[] = [];
  const owned = new Map<string, Alternatives>();
  const places = new Map<FieldNode, number>();
  const responseKeys = new Set<string>();
  const typeInfo = new TypeInfo(schema);
  const decide = (type: GraphQLObjectType, node: FieldNode): void => {
    const coordinate = { typeName: type.name, fieldName: node.name.value };
    const decision = policy.decide(viewer, coordinate);
    if (decision === 'allowed') return;
    const key = `${coordinate.typeName}.${coordinate.fieldName}`;
    if (decision !== 'conditional') return void denials.set(key, decision);
    const alternatives = policy.alternatives(viewer, coordinate);
    const readsArguments = alternatives.flat().some(({ kind }) => kind === 'argument');
    if (readsArguments) checks.push(compileArgumentCheck({ node, type, alternatives }));
    else owned.set(key, alternatives);
  };
  visit(
    operationAlone(document, operation.name?.value),
    visitWithTypeInfo(typeInfo, {
      Field(node: FieldNode) {
        places.set(node, places.size);
        responseKeys.add((node.alias ?? node.name).value);
        const parent = typeInfo.getParentType();
        if (!parent) return;
        const fieldName = node.name.value;
        if (fieldName === '__schema' || fieldName === '__type') {
          // The schema is for developers; what it tells them is the public API.
          if (!mayLearnSchema(viewer))
            denials.set(`${parent.name}.${fieldName}`, viewer.isAnonymous ? 'UNAUTHENTICATED' : 'FORBIDDEN');
          return false;
        }
        // Below those two, in fragments too: whoever may ask them may see all that they tell.
        if (isMetaField(fieldName) || isIntrospectionType(parent)) return;
        for (const type of concreteTypes(schema, parent)) decide(type, node);
      },
    }),
  );
  return { denials, checks, owned, places, responseKeys };
}

function argumentDenialsOf(checks: readonly ArgumentCheck[], outcome: string): ArgumentDenials {
  const denied = new Map<FieldNode, Map<string, Denial>>();
  for (const [index, { node, type }] of checks.entries()) {
    if (outcome[index] === '1') continue;
    const types = denied.get(node) ?? new Map<string, Denial>();
    // Whoever has not signed in is denied before arguments are looked at.
    denied.set(node, types.set(type.name, 'FORBIDDEN'));
  }
  return denied;
}

function ownershipsOf(owned: ReadonlyMap<string, Alternatives>, prefix: string): Ownerships {
  const ownerships = new Map<string, Ownership>();
  for (const [coordinate, alternatives] of owned) {
    const [typeName] = coordinate.split('.');
    const anyOf = alternatives.map((alternative) =>
      alternative.flatMap((rule): Belonging[] => {
        if (rule.kind !== 'field') return [];
        const { fieldName, equals } = rule;
        // By type: the same name may mean an ID in one type and a String in another, which cannot share a key.
        return [{ key: `${prefix}_${typeName}_${fieldName}`, fieldName, equals }];
      }),
    );
    ownerships.set(coordinate, { anyOf, denial: 'FORBIDDEN' });
  }
  return ownerships;
}

function digestOf(
  decided: Pick<AuthorizedOperation, 'denials' | 'argumentDenials' | 'ownerships'>,
  places: ReadonlyMap<FieldNode, number>,
): string {
  const { denials, argumentDenials, ownerships } = decided;
  const byArguments = [...argumentDenials].map(([node, types]) => [
    places.get(node),
    ...[...types.keys()].sort(),
  ]);
  // The answer says why a field is denied, so that reasons count, too.
  const told = [...denials].map(([coordinate, denial]) => `${coordinate} ${denial}`).sort();
  // Which rules are left open depends on the viewer's rights: the objects that one may see are not another's.
  const byObject = [...ownerships]
    .map(([coordinate, { anyOf }]) => JSON.stringify([coordinate, anyOf]))
    .sort();
  const parts = [told, byArguments, byObject];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

/** No response key begins with it. */
function freeName(wish: string, taken: ReadonlySet<string>): string {
  let name = wish;
  while ([...taken].some((key) => key.startsWith(name))) name += '_';
  return name;
}
