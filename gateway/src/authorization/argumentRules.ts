// Policies that read arguments, compiled once per document into closures over the variables.
import type { Alternatives, ArgumentRule } from '@supergraph/chassis/policy';
import { isViewers } from '@supergraph/chassis/policy/rules';
import type { Viewer } from '@supergraph/chassis/viewer';
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  Kind,
  type ValueNode,
  valueFromAST,
} from 'graphql';

/** Who asks, and with what; variables are coerced, with defaults. */
export interface Request {
  viewer: Viewer;
  variables: Record<string, unknown>;
}

/** Whether the arguments of one field node let the viewer see it, where it stands on one concrete type. */
export interface ArgumentCheck {
  node: FieldNode;
  type: GraphQLObjectType;
  isMet(request: Request): boolean;
}

/** @param alternatives what is left of the field's requirement; of rules on arguments alone */
export function compileArgumentCheck(asked: {
  node: FieldNode;
  type: GraphQLObjectType;
  alternatives: Alternatives;
}): ArgumentCheck {
  const { node, type, alternatives } = asked;
  const field = type.getFields()[node.name.value];
  const tests = alternatives.map((alternative) =>
    alternative.map((rule) => {
      // Policies never read both, so that this one is met by nobody if it ever does.
      if (rule.kind !== 'argument' || field === undefined) return () => false;
      // What an entity says is known to its subgraph alone, which decides: until it does, nothing is shown or changed.
      if (rule.of !== undefined) return () => true;
      const read = reader(rule, { node, field });
      return ({ viewer, variables }: Request) => isViewers(read(variables), viewer, rule.equals);
    }),
  );
  return { node, type, isMet: (request) => tests.some((allOf) => allOf.every((test) => test(request))) };
}

type Reader = (variables: Record<string, unknown>) => unknown;

function reader(
  { path: [name, ...members] }: ArgumentRule,
  { node, field }: { node: FieldNode; field: GraphQLField<unknown, unknown> },
): Reader {
  const definition = field.args.find((argument) => argument.name === name);
  const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
  if (definition === undefined) return () => undefined;
  const { type, defaultValue } = definition;
  const memberOf = (value: unknown) => members.reduce(member, value);
  if (given === undefined) return constant(memberOf(defaultValue));
  if (given.kind === Kind.VARIABLE) {
    const variable = given.name.value;
    return (variables) => memberOf(variable in variables ? variables[variable] : defaultValue);
  }
  if (!holdsVariable(given)) return constant(memberOf(valueFromAST(given, type)));
  return (variables) => memberOf(valueFromAST(given, type, variables));
}

function constant(value: unknown): Reader {
  return () => value;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function holdsVariable(value: ValueNode): boolean {
  if (value.kind === Kind.VARIABLE) return true;
  if (value.kind === Kind.LIST) return value.values.some(holdsVariable);
  return value.kind === Kind.OBJECT && value.fields.some((field) => holdsVariable(field.value));
}
