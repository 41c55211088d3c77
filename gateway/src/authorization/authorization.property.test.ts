// For any policy and any operation: executing the permitted part and masking gives what executing all of it, with
// null and an error at each denied field, would give.
import { describe, expect, it } from '@jest/globals';
import type { Policy } from '@supergraph/chassis/policy';
import { testViewer } from '@supergraph/chassis/testing';
import fc from 'fast-check';
import {
  buildSchema,
  executeSync,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  parse,
  print,
  validate,
} from 'graphql';
import { authorizeOperation } from './authorizeOperation.ts';
import { maskResult } from './maskResult.ts';

const schema = buildSchema(/* GraphQL */ `
  type Query { node: Node any: Any nodes: [Node!] list: [[Any!]]! leaf: Int must: A! }
  interface Node { id: Int! next: Node peer: Any }
  type A implements Node { id: Int! next: Node peer: Any only: B! }
  type B implements Node { id: Int! next: Node peer: Any all: [A!]! }
  type C { id: Int! back: Node! }
  union Any = A | C
`);
const coordinates = Object.values(schema.getTypeMap())
  .filter((type) => 'getFields' in type && ['Query', 'A', 'B', 'C'].includes(type.name))
  .flatMap((type) =>
    ('getFields' in type ? Object.keys(type.getFields()) : []).map((f) => `${type.name}.${f}`),
  );

interface Shape {
  typename: 'A' | 'B' | 'C';
  isNull: boolean;
}

type Resolver = GraphQLFieldResolver<{ at: string } | undefined, unknown>;

/** A random graph: what stands at a place depends on its path alone, so that both executions see the same. */
function resolverOf(seeds: readonly Shape[], denied: ReadonlySet<string>): Resolver {
  return (source, _arguments, _context, { parentType, fieldName, returnType }) => {
    if (denied.has(`${parentType.name}.${fieldName}`)) throw new GraphQLError('denied');
    const at = `${source?.at ?? ''}/${fieldName}`;
    return build(String(returnType), at);
  };
  function build(type: string, at: string): unknown {
    const isRequired = type.endsWith('!');
    const bare = isRequired ? type.slice(0, -1) : type;
    const shape = seeds[hash(at) % seeds.length];
    if (bare === 'Int') return at.length;
    if (!isRequired && (shape?.isNull === true || at.length > 60)) return null;
    if (bare.startsWith('[')) return [0, 1].map((index) => build(bare.slice(1, -1), `${at}${index}`));
    const possible: string[] = { Node: ['A', 'B'], Any: ['A', 'C'] }[bare] ?? [bare];
    return { at, __typename: possible.find((name) => name === shape?.typename) ?? possible[0] };
  }
}

function hash(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 1_000_003, 7);
}

/** Random selections of a type, as text. */
const selections: Record<string, (depth: number) => fc.Arbitrary<string>> = {
  Query: (depth) =>
    set(depth, { leaf: null, node: 'Node', nodes: 'Node', any: 'Any', list: 'Any', must: 'A' }, ['Query']),
  Node: (depth) => set(depth, { id: null, next: 'Node', peer: 'Any' }, ['A', 'B', 'Node']),
  Any: (depth) => set(depth, {}, ['A', 'C', 'Node']),
  A: (depth) => set(depth, { id: null, next: 'Node', peer: 'Any', only: 'B' }, ['A', 'Node']),
  B: (depth) => set(depth, { id: null, next: 'Node', peer: 'Any', all: 'A' }, ['B', 'Node']),
  C: (depth) => set(depth, { id: null, back: 'Node' }, ['C', 'Any']),
};

const made = new Map<string, fc.Arbitrary<string>>();

function of(type: string, depth: number): fc.Arbitrary<string> {
  const key = `${type} ${depth}`;
  const arbitrary = made.get(key) ?? selections[type]?.(depth) ?? fc.constant('{ __typename }');
  made.set(key, arbitrary);
  return arbitrary;
}

function set(
  depth: number,
  fields: Record<string, string | null>,
  conditions: readonly string[],
): fc.Arbitrary<string> {
  const leaf = fc.constantFrom('__typename', ...Object.keys(fields).filter((name) => fields[name] === null));
  if (depth === 0) return leaf.map((name) => `{ ${name} }`);
  const condition = fc.constantFrom('', ' @include(if: $yes)', ' @skip(if: $yes)', ' @include(if: $no)');
  const inner = Object.entries(fields).flatMap(([name, type]) =>
    // The alias depends on the type asked and the depth, so that fields that merge have one shape.
    type === null
      ? []
      : [fc.tuple(condition, of(type, depth - 1)).map(([when, below]) => `${name}${when} ${below}`)],
  );
  const fragments = conditions.map((type) =>
    fc.tuple(condition, of(type, depth - 1)).map(([when, below]) => `... on ${type}${when} ${below}`),
  );
  const spreads = conditions.filter((type) => type !== 'Query').map((type) => fc.constant(`...F${type}`));
  const selection = fc.oneof(leaf, ...inner, ...fragments, ...(depth === 3 ? spreads : []));
  return fc.array(selection, { minLength: 1, maxLength: 4 }).map((parts) => `{ ${parts.join(' ')} }`);
}

const query = fc
  .tuple(of('Query', 4), ...['A', 'B', 'C', 'Node', 'Any'].map((type) => of(type, 1)))
  .map(([main = '', ...bodies]) => {
    const types = ['A', 'B', 'C', 'Node', 'Any'];
    const used = types.filter((type) => main.includes(`...F${type}`));
    const fragments = used.map((type) => `fragment F${type} on ${type} ${bodies[types.indexOf(type)]}`);
    return `query ($yes: Boolean!, $no: Boolean!) { always: __typename @include(if: $yes) @skip(if: $no) ...Q } fragment Q on Query ${main} ${fragments.join(' ')}`;
  });

describe('the answer to the permitted part, masked', () => {
  it('equals the answer to all of it with denied fields nulled', () => {
    const shapes = fc.array(
      fc.record({
        typename: fc.constantFrom('A' as const, 'B' as const, 'C' as const),
        isNull: fc.boolean(),
      }),
      { minLength: 3, maxLength: 12 },
    );
    let executed = 0;
    fc.assert(
      fc.property(query, fc.subarray(coordinates), shapes, (text, deniedList, seeds) => {
        const document = parse(text);
        const operation = getOperationAST(document);
        // An operation of which nothing is denied is answered as it comes.
        if (!operation || validate(schema, document).length > 0) return;
        const denied = new Set(deniedList);
        const variables = { yes: true, no: false };
        const decide: Policy['decide'] = (_, { typeName, fieldName }) =>
          denied.has(`${typeName}.${fieldName}`) ? 'FORBIDDEN' : 'allowed';
        const policy: Policy = { requirements: new Map(), decide, signature: () => '' };

        const whole = run(schema, { text, variables, fieldResolver: resolverOf(seeds, denied) });
        const viewer = testViewer();
        const authorized = authorizeOperation({ schema, policy, viewer, document, operation });
        if (authorized.denials.size === 0) return expect(authorized.document).toBe(document);
        executed += 1;
        const asked = authorized.document && print(authorized.document);
        const part = asked
          ? // No field is denied here: a denied one that was asked would show.
            run(schema, { text: asked, variables, fieldResolver: resolverOf(seeds, new Set()) })
          : { data: {}, errors: [] };
        expect(part.errors).toEqual([]);
        const fragments = new Map<string, FragmentDefinitionNode>();
        for (const node of document.definitions)
          if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
        const { denials, typenameKey } = authorized;
        const given = { schema, policy, operation, fragments, variables, denials, typenameKey };
        const masked = maskResult({ ...given, data: part.data });
        expect(JSON.stringify(masked.data)).toBe(JSON.stringify(whole.data));
        const paths = masked.errors.map(({ path }) => path?.join('.'));
        // Where a null travels up, one error suffices for it (GraphQL, §6.4.4): we may tell of more or fewer.
        if (whole.data !== null && whole.errors.length > 0) expect(paths.length).toBeGreaterThan(0);
        if (whole.errors.length === 0) expect(paths).toEqual([]);
      }),
      // The limit is for the search for a small counterexample.
      { numRuns: 150, interruptAfterTimeLimit: 30_000 },
    );
    expect(executed).toBeGreaterThan(40);
  });
});

function run(
  on: GraphQLSchema,
  given: {
    text: string;
    variables: Record<string, unknown>;
    fieldResolver: Resolver;
  },
) {
  const result = executeSync({
    schema: on,
    document: parse(given.text),
    variableValues: given.variables,
    fieldResolver: given.fieldResolver,
  });
  return {
    data: JSON.parse(JSON.stringify(result.data ?? null)) as Record<string, unknown> | null,
    errors: (result.errors ?? []).map(({ message, path }) => ({ message, path })),
  };
}
