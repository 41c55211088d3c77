// A subgraph's gate: a graphql-shield rule tree over its resolvers. No other file imports graphql-shield.
import { createRequire } from 'node:module';
import type { ApolloGraphQLObjectTypeExtensions } from '@apollo/subgraph/dist/schemaExtensions.js';
import {
  defaultFieldResolver,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import { type Decision, denialError, type FieldCoordinate, type Policy } from '../policy.ts';
import type { Viewer } from '../viewer.ts';
import { type Alternatives, anyHolds } from './decisions.ts';

// graphql-shield's ES modules import `isUndefined` from `util`, which Node 23 took away: there no subgraph would start. Its
// CommonJS asks for it only in `chain` and `race`, and goes with graphql-middleware's. The casts: both builds of a package
// are of the same source and have the same types.
const require = createRequire(import.meta.url);
const { allow, deny, rule, shield } = require('graphql-shield') as typeof import('graphql-shield');
const { applyMiddleware } = require('graphql-middleware') as typeof import('graphql-middleware');

/**
 * A copy of an executable subgraph schema whose resolvers answer only viewers that `policy` allows.
 * The viewer is read from the resolvers' context as `viewer`; `_entities` and `_service` are open to
 * every verified caller, because the fields behind `_entities` are guarded on their own types.
 */
export function guardSchema(schema: GraphQLSchema, policy: Policy): GraphQLSchema {
  const guards = new Map<string, Guard>();
  for (const [typeName, fields] of policy.requirements) {
    for (const fieldName of fields.keys()) {
      guards.set(`${typeName}.${fieldName}`, createGuard({ schema, policy, field: { typeName, fieldName } }));
    }
  }
  const guarded = applyMiddleware(schema, shieldOf(schema, policy, guards));
  guardSources(guarded, guards);
  return guarded;
}

/** What a resolver is called with. */
interface Call {
  parent: unknown;
  given: Record<string, unknown>;
  context: { viewer: Viewer };
  info: GraphQLResolveInfo;
}

/** True, or the error that stands in the field's place. */
type Guard = (call: Call) => true | GraphQLError | Promise<true | GraphQLError>;

function createGuard(options: { schema: GraphQLSchema; policy: Policy; field: FieldCoordinate }): Guard {
  const { schema, policy, field } = options;
  // There is one Viewer per passport, and a list asks the same of each of its items.
  const known = new WeakMap<Viewer, { decision: Decision; alternatives: Alternatives }>();
  const rulingFor = (viewer: Viewer) => {
    let ruling = known.get(viewer);
    if (ruling === undefined) {
      ruling = {
        decision: policy.decide(viewer, field),
        alternatives: policy.alternatives(viewer, field),
      };
      known.set(viewer, ruling);
    }
    return ruling;
  };
  return (call) => {
    const { viewer } = call.context;
    const { decision, alternatives } = rulingFor(viewer);
    if (decision === 'allowed') return true;
    if (decision !== 'conditional') return denialError(decision, field, policy);
    const answer = (holds: boolean) => holds || denialError('FORBIDDEN', field, policy);
    const read = readValues(alternatives, { call, schema, type: schema.getType(field.typeName) });
    return read instanceof Promise
      ? read.then((values) => answer(anyHolds(alternatives, viewer, (rule) => values.get(rule.text))))
      : answer(anyHolds(alternatives, viewer, (rule) => read.get(rule.text)));
  };
}

/** By the text of the rule that reads it. */
type Values = ReadonlyMap<string, unknown>;

interface Reading {
  call: Call;
  schema: GraphQLSchema;
  /** Of the object that the field is asked of. */
  type: ReturnType<GraphQLSchema['getType']>;
}

/** What the rules compare: arguments, and what objects say in their fields, by their own resolvers, past their guards. */
function readValues(alternatives: Alternatives, { call, schema, type }: Reading): Values | Promise<Values> {
  const values = new Map<string, unknown>();
  const waiting: Promise<void>[] = [];
  const told = new Map(alternatives.flat().map((rule) => [rule.text, rule]));
  for (const [text, rule] of told) {
    const value =
      rule.kind === 'field'
        ? readField(type, rule.fieldName, call)
        : rule.of === undefined
          ? valueAt(call.given, rule.path)
          : readEntity(schema, { ...rule.of, id: valueAt(call.given, rule.path) }, call);
    if (isPromise(value)) waiting.push(value.then((settled) => void values.set(text, textOf(settled))));
    else values.set(text, rule.kind === 'field' ? textOf(value) : value);
  }
  return waiting.length === 0 ? values : Promise.all(waiting).then(() => values);
}

function readField(type: Reading['type'], fieldName: string, { parent, context, info }: Call): unknown {
  const resolve = (isObjectType(type) && type.getFields()[fieldName]?.resolve) || defaultFieldResolver;
  return resolve(parent, {}, context, { ...info, fieldName });
}

/** A field of the entity of this id, found as a gateway's reference to it is; null where there is none. */
async function readEntity(
  schema: GraphQLSchema,
  { typeName, fieldName, id }: { typeName: string; fieldName: string; id: unknown },
  call: Call,
): Promise<unknown> {
  const type = schema.getType(typeName);
  if (!isObjectType(type) || typeof id !== 'string') return null;
  const { apollo }: ApolloGraphQLObjectTypeExtensions<unknown, Call['context']> = type.extensions;
  const resolve = apollo?.subgraph?.resolveReference;
  if (resolve === undefined) return null;
  const parent: unknown = await resolve({ __typename: typeName, id }, call.context, call.info);
  return parent === null || parent === undefined ? null : readField(type, fieldName, { ...call, parent });
}

/** As GraphQL writes an ID or a String. */
function textOf(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}

function valueAt(given: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
    given,
  );
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function shieldOf(schema: GraphQLSchema, policy: Policy, guards: ReadonlyMap<string, Guard>) {
  return shield(ruleTree(schema, policy, guards), {
    fallbackRule: deny,
    // A resolver's own error reaches the chassis' masking as itself, not as "Not Authorised!".
    allowExternalErrors: true,
    debug: true,
    fallbackError: new GraphQLError('You may not read this field.', { extensions: { code: 'FORBIDDEN' } }),
  });
}

type ShieldRule = typeof allow | ReturnType<ReturnType<typeof rule>>;
type RuleFields = Record<string, ShieldRule>;

function ruleTree(
  schema: GraphQLSchema,
  policy: Policy,
  guards: ReadonlyMap<string, Guard>,
): Record<string, RuleFields> {
  const tree: Record<string, RuleFields> = {};
  for (const [typeName, fields] of policy.requirements) {
    tree[typeName] = Object.fromEntries(
      [...fields.keys()].map((fieldName) => {
        const coordinate = `${typeName}.${fieldName}`;
        return [fieldName, shieldRule(coordinate, guards.get(coordinate))];
      }),
    );
  }
  const query = schema.getQueryType();
  if (query) {
    const protocol = ['_service', '_entities'].filter((name) => query.getFields()[name]);
    tree[query.name] = { ...tree[query.name], ...Object.fromEntries(protocol.map((name) => [name, allow])) };
  }
  if (schema.getType('_Service')) tree._Service = { sdl: allow };
  return tree;
}

function shieldRule(coordinate: string, guard: Guard | undefined): ShieldRule {
  if (guard === undefined) return deny;
  return rule(coordinate)((parent, given, context: { viewer: Viewer }, info) =>
    guard({ parent, given, context, info }),
  );
}

// graphql-middleware wraps `resolve` or `subscribe`, never both: a field with both would open
// its source, and learn of events, before the first rule runs.
function guardSources(schema: GraphQLSchema, guards: ReadonlyMap<string, Guard>): void {
  const type = schema.getSubscriptionType();
  for (const field of Object.values(type?.getFields() ?? {})) {
    const subscribe = field.subscribe;
    const guard = type && guards.get(`${type.name}.${field.name}`);
    if (!guard || !subscribe) continue;
    const guarded: GraphQLFieldResolver<unknown, { viewer: Viewer }> = async (
      parent,
      given,
      context,
      info,
    ) => {
      const verdict = await guard({ parent, given, context, info });
      if (verdict !== true) throw verdict;
      return subscribe(parent, given, context, info);
    };
    field.subscribe = guarded;
  }
}
