// For any policy and any operation: what the gateway answers equals what executing all of it, with null and an error at
// each denied field, would give. Two subgraphs know parts of each object, so that plans ask both.
import { describe, expect, it } from '@jest/globals';
import { createPolicy } from '@supergraph/chassis/policy';
import { testViewer } from '@supergraph/chassis/testing';
import fc from 'fast-check';
import { buildSchema, executeSync, GraphQLError, parse, validate } from 'graphql';
import { answerOperation, composeSubgraphs, type Resolver } from '../testing/in-process-subgraphs.ts';

const types = {
  Query: 'node(who: ID): Node any(who: ID): Any nodes: [Node!] list: [[Any!]]! leaf: Int must: A!',
  A: 'id: Int! owner: ID next(who: ID): Node peer(who: ID): Any only(who: ID): B!',
  B: 'id: Int! owner: ID next(who: ID): Node peer(who: ID): Any all(who: ID): [A!]!',
  C: 'id: Int! owner: ID back(who: ID): Node!',
} as const;
type TypeName = keyof typeof types;
const interfaces: Record<TypeName, string> = {
  Query: '',
  A: ' implements Node',
  B: ' implements Node',
  C: '',
};

/** What a field takes; `owner` says whose an object is, and is open to all. */
const marks = {
  open: '@authenticated',
  denied: '@policy(policies: [["no:body"]])',
  ownedOnly: '@policy(policies: [["no:body"], ["field(owner)=viewer.subject"]])',
  withArgument: '@policy(policies: [["argument(who)=viewer.subject"]])',
  scopedOnly: '@policy(policies: [["no:body"], ["thing:read@field(owner)"]])',
  scopedArgument: '@policy(policies: [["thing:read"], ["thing:read@argument(who)"]])',
};
type Mark = keyof typeof marks;

function sdlWith(markOf: (coordinate: string) => Mark): string {
  const objects = Object.entries(types).map(([name, fields]) => {
    const marked = fields.replaceAll(
      /(\w+)(\(who: ID\))?: ([^ ]+)/g,
      (field: string, fieldName: string) => `${field} ${marks[markOf(`${name}.${fieldName}`)]}`,
    );
    return `type ${name}${interfaces[name as TypeName]} { ${marked} }`; // a key of `types`
  });
  return `
    directive @authenticated on FIELD_DEFINITION
    directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION
    interface Node { id: Int! owner: ID next(who: ID): Node peer(who: ID): Any }
    union Any = A | C
    ${objects.join('\n')}`;
}

/** All of it in one schema, as clients see it. */
const schema = buildSchema(sdlWith(() => 'open'));

/** What stands at a place follows from `at` alone, so that any subgraph can go on from it. */
const composed = composeSubgraphs({
  ways: `
    type Query { node(who: ID): Node any(who: ID): Any list: [[Any!]]! }
    interface Node { next(who: ID): Node }
    union Any = A | C
    type A implements Node @key(fields: "at") { at: ID! @inaccessible next(who: ID): Node only(who: ID): B! }
    type B implements Node @key(fields: "at") { at: ID! @inaccessible next(who: ID): Node }
    type C @key(fields: "at") { at: ID! @inaccessible back(who: ID): Node! }`,
  facts: `
    type Query { nodes: [Node!] leaf: Int must: A! }
    interface Node { id: Int! owner: ID peer(who: ID): Any }
    union Any = A | C
    type A implements Node @key(fields: "at") { at: ID! id: Int! owner: ID peer(who: ID): Any }
    type B implements Node @key(fields: "at") { at: ID! id: Int! owner: ID peer(who: ID): Any all(who: ID): [A!]! }
    type C @key(fields: "at") { at: ID! id: Int! owner: ID }`,
});
const coordinates = Object.entries(types).flatMap(([type, fields]) =>
  [...fields.matchAll(/(\w+)(?:\(who: ID\))?: \S+/g)].map(([, field]) => `${type}.${field}`),
);

/** Marks that a schema may carry: at the root there is no object, and not every field has arguments. */
function possibleMarks(coordinate: string): Mark[] {
  const [type = '', fieldName = ''] = coordinate.split('.');
  if (fieldName === 'owner') return ['open'];
  const hasArgument = types[type as TypeName].includes(`${fieldName}(who`);
  return [
    'open',
    'denied',
    ...(type === 'Query' ? [] : (['ownedOnly', 'scopedOnly'] as const)),
    ...(hasArgument ? (['withArgument', 'scopedArgument'] as const) : []),
  ];
}

interface Shape {
  typename: 'A' | 'B' | 'C';
  isNull: boolean;
}

const me = 'per_test';

/**
 * A random graph: what stands at a place depends on its path alone, so that both executions see the same. What
 * `markOf` keeps from the viewer is refused.
 */
function resolverOf(seeds: readonly Shape[], markOf: (coordinate: string) => Mark): Resolver {
  return (source, { who }, _context, { parentType, fieldName, returnType }) => {
    const at = placeOf(source);
    const owner = hash(`${at}?`) % 2 === 0 ? me : 'per_other';
    const isShown = {
      open: true,
      denied: false,
      ownedOnly: owner === me,
      withArgument: who === me,
      scopedOnly: owner === me,
      scopedArgument: who === me,
    }[markOf(`${parentType.name}.${fieldName}`)];
    if (!isShown) throw new GraphQLError('denied', { extensions: { code: 'FORBIDDEN' } });
    if (fieldName === 'at') return at;
    if (fieldName === 'owner') return owner;
    return build(String(returnType), `${at}/${fieldName}`);
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

function placeOf(source: unknown): string {
  return typeof source === 'object' && source !== null && 'at' in source ? String(source.at) : '';
}

function hash(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 1_000_003, 7);
}

/** Random selections of a type, as text. */
const selections: Record<string, (depth: number) => fc.Arbitrary<string>> = {
  Query: (depth) =>
    set(depth, { leaf: null, node: 'Node', nodes: 'Node', any: 'Any', list: 'Any', must: 'A' }, ['Query']),
  Node: (depth) => set(depth, { id: null, owner: null, next: 'Node', peer: 'Any' }, ['A', 'B', 'Node']),
  Any: (depth) => set(depth, {}, ['A', 'C', 'Node']),
  A: (depth) => set(depth, { id: null, owner: null, next: 'Node', peer: 'Any', only: 'B' }, ['A', 'Node']),
  B: (depth) => set(depth, { id: null, owner: null, next: 'Node', peer: 'Any', all: 'A' }, ['B', 'Node']),
  C: (depth) => set(depth, { id: null, owner: null, back: 'Node' }, ['C', 'Any']),
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
      : [
          fc
            .tuple(asked(name), condition, of(type, depth - 1))
            .map(([field, when, below]) => `${field}${when} ${when === '' ? below : somethingOf(below)}`),
        ],
  );
  const fragments = conditions.map((type) =>
    fc.tuple(condition, of(type, depth - 1)).map(([when, below]) => `... on ${type}${when} ${below}`),
  );
  const spreads = conditions.filter((type) => type !== 'Query').map((type) => fc.constant(`...F${type}`));
  const selection = fc.oneof(leaf, ...inner, ...fragments, ...(depth === 3 ? spreads : []));
  return fc.array(selection, { minLength: 1, maxLength: 4 }).map((parts) => `{ ${parts.join(' ')} }`);
}

/**
 * A selection that takes something of every value: the planner leaves a field out that is asked on a condition and of
 * which nothing could be asked, be it null or not (`must @include(if: $yes) { ... on Node { ... on B { id } } }`).
 */
function somethingOf(selection: string): string {
  return selection.replace('{', '{ __typename');
}

/** A field, asked with arguments where it has them, under an alias that tells which. */
function asked(name: string): fc.Arbitrary<string> {
  if (['nodes', 'list', 'must'].includes(name)) return fc.constant(name);
  return fc.constantFrom(
    name,
    `${name}OfMine: ${name}(who: $me)`,
    `${name}OfOthers: ${name}(who: "per_other")`,
  );
}

const query = fc
  .tuple(of('Query', 4), ...['A', 'B', 'C', 'Node', 'Any'].map((type) => of(type, 1)))
  .map(([main = '', ...bodies]) => {
    const types = ['A', 'B', 'C', 'Node', 'Any'];
    const used = types.filter((type) => main.includes(`...F${type}`));
    const fragments = used.map((type) => `fragment F${type} on ${type} ${bodies[types.indexOf(type)]}`);
    return `query ($yes: Boolean!, $no: Boolean!, $me: ID!) { mine: node(who: $me) { __typename } always: __typename @include(if: $yes) @skip(if: $no) ...Q } fragment Q on Query ${main} ${fragments.join(' ')}`;
  });

const shapes = fc.array(
  fc.record({ typename: fc.constantFrom('A' as const, 'B' as const, 'C' as const), isNull: fc.boolean() }),
  { minLength: 3, maxLength: 12 },
);
const marking = fc
  .tuple(...coordinates.map((at) => fc.constantFrom<Mark>(...possibleMarks(at))))
  .map((chosen) => new Map(coordinates.map((at, index) => [at, chosen[index] ?? 'open'])));

describe('the answer to the permitted part', () => {
  it('equals the answer to all of it with denied fields nulled, whether or not subgraphs deny them too', async () => {
    // On one thing alone, which has the viewer's name.
    const viewer = testViewer({ permissions: [`thing:read@${me}`, 'thing:write'] });
    const variables = { yes: true, no: false, me };
    let executed = 0;
    await fc.assert(
      fc.asyncProperty(query, marking, shapes, fc.boolean(), async (text, marked, seeds, isGuarded) => {
        const document = parse(text);
        if (validate(schema, document).length > 0) return;
        const markOf = (coordinate: string): Mark => marked.get(coordinate) ?? 'open';
        const supergraph = { ...composed.supergraph, policy: createPolicy(sdlWith(markOf)) };
        const whole = executeWhole(text, variables, resolverOf(seeds, markOf));

        const { answer, data, authorized, subgraphErrors } = await answerOperation(
          { ...composed, supergraph },
          {
            ...{ document, viewer, variables },
            // What is denied but for the object is never asked. The object a subgraph may look at, too.
            fieldResolver: resolverOf(seeds, (at) =>
              ['ownedOnly', 'scopedOnly'].includes(markOf(at)) && !isGuarded ? 'open' : markOf(at),
            ),
          },
        );

        if (authorized.isWhole) expect(authorized.document).toBe(document);
        else executed += 1;
        if (!isGuarded) expect(subgraphErrors).toEqual([]);
        expect(JSON.stringify(data)).toBe(JSON.stringify(whole.data));
        const paths = answer.errors.map(({ path }) => path?.join('.'));
        expect(new Set(paths).size).toBe(paths.length);
        // Where a null travels up, one error suffices for it (GraphQL, §6.4.4): we may tell of more or fewer.
        if (whole.data !== null && whole.errors.length > 0) expect(paths.length).toBeGreaterThan(0);
        if (whole.errors.length === 0) expect(paths).toEqual([]);
      }),
      // The limit is for the search for a small counterexample.
      { numRuns: 150, interruptAfterTimeLimit: 30_000 },
    );
    expect(executed).toBeGreaterThan(60);
  });
});

function executeWhole(text: string, variableValues: Record<string, unknown>, fieldResolver: Resolver) {
  const result = executeSync({ schema, document: parse(text), variableValues, fieldResolver });
  // Over the wire, as any answer.
  return { data: JSON.parse(JSON.stringify(result.data ?? null)) as unknown, errors: result.errors ?? [] };
}
