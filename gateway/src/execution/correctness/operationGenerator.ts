// Operations at random, valid by construction as far as possible and by graphql-js's rules in the end.
import {
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  parse,
  validate,
} from 'graphql';
import { createInputs, type Inputs } from './inputGenerator.ts';
import { createRandom, type Random } from './random.ts';

export interface GeneratedOperation {
  document: DocumentNode;
  text: string;
  variables: Record<string, unknown>;
}

/** So many fields an operation has at most, each fragment counted once. */
const mostFields = 28;
const deepest = 6;

/** The same operation for the same seed. @throws when a hundred attempts in a row were invalid. */
export function generateOperation(schema: GraphQLSchema, seed: string): GeneratedOperation {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const random = createRandom(`${seed}~${attempt}`);
    // Aliases collide now and then; the later attempts go without.
    const { text, variables } = attemptOperation({ schema, random, aliasPercent: attempt < 20 ? 25 : 0 });
    const document = parse(text, { noLocation: true });
    if (validate(schema, document).length === 0) return { document, text, variables };
  }
  throw new Error(`No valid operation comes of seed ${seed}.`);
}

interface Attempt {
  schema: GraphQLSchema;
  random: Random;
  aliasPercent: number;
}

function attemptOperation({ schema, random, aliasPercent }: Attempt): {
  text: string;
  variables: Record<string, unknown>;
} {
  const inputs = createInputs(random);
  const fragments: { name: string; type: GraphQLCompositeType; text: string }[] = [];
  let fields = 0;

  function selectionSet(type: GraphQLCompositeType, depth: number): string {
    const selections: string[] = [];
    const wanted = 1 + random.below(depth === 0 ? 4 : 5);
    for (let index = 0; index < wanted; index += 1) selections.push(...selection(type, depth, selections));
    return `{ ${selections.length > 0 ? selections.join(' ') : '__typename'} }`;
  }

  function selection(type: GraphQLCompositeType, depth: number, before: readonly string[]): string[] {
    const roll = random.below(100);
    if (roll < 8) return [random.chance(40) ? `${random.pick(['kind', 'a'])}: __typename` : '__typename'];
    if (roll < 14 && before.length > 0) return [random.pick(before)];
    if (roll < (isAbstractType(type) ? 60 : 22) && depth < deepest) return [fragment(type, depth)];
    return field(type, depth);
  }

  function fragment(type: GraphQLCompositeType, depth: number): string {
    const condition = random.pick(conditions(schema, type));
    const directive = inputs.directive();
    const known = fragments.filter(({ type: { name } }) => name === condition.name);
    if (known.length > 0 && random.chance(30)) return `...${random.pick(known).name}${directive}`;
    const text = selectionSet(condition, depth + 1);
    if (random.chance(25)) {
      const name = `F${fragments.length}`;
      fragments.push({ name, type: condition, text });
      return `...${name}${directive}`;
    }
    const isOpen = condition === type && random.chance(50);
    return `...${isOpen ? '' : ` on ${condition.name}`}${directive} ${text}`;
  }

  function field(type: GraphQLCompositeType, depth: number): string[] {
    if (!('getFields' in type) || fields >= mostFields) return [];
    const all = Object.values(type.getFields());
    const leaves = all.filter((each) => !isCompositeType(getNamedType(each.type)));
    const choice = depth >= deepest || fields > mostFields / 2 ? leaves : all;
    if (choice.length === 0) return [];
    fields += 1;
    const chosen = random.pick(choice);
    const named = getNamedType(chosen.type);
    const alias = random.chance(aliasPercent) ? `${random.pick(['a', 'b', 'c', chosen.name])}: ` : '';
    const head = `${alias}${chosen.name}${given(chosen)}${inputs.directive()}`;
    if (!isCompositeType(named)) return [head];
    const once = `${head} ${selectionSet(named, depth + 1)}`;
    return random.chance(10) && fields < mostFields
      ? [once, `${head} ${selectionSet(named, depth + 1)}`]
      : [once];
  }

  function given({ args }: GraphQLField<unknown, unknown>): string {
    const passed = args.filter((arg) => isRequiredArgument(arg) || random.chance(60));
    const texts = passed.map((arg: GraphQLArgument) => `${arg.name}: ${inputs.value(arg.type)}`);
    return texts.length > 0 ? `(${texts.join(', ')})` : '';
  }

  const mutation = schema.getMutationType();
  const root = mutation && random.chance(60) ? mutation : schema.getQueryType();
  if (!root) throw new Error('A schema has a query type.');
  const kind = root === mutation ? 'mutation' : 'query';
  const extra = kind === 'query' && random.chance(6) ? ` ${introspection(random, inputs)}` : '';
  const body = selectionSet(root, 0).replace(/}$/, `${extra} }`);
  const all = [
    `${kind}${random.chance(60) ? ' Generated' : ''}${inputs.definitions()} ${body}`,
    ...fragments.map(({ name, type, text }) => `fragment ${name} on ${type.name} ${text}`),
  ];
  // A fragment whose only spread was dropped would make the whole invalid; that costs one more attempt.
  return { text: all.join('\n'), variables: inputs.variables() };
}

/** Types that a fragment may be on where `type` stands. */
function conditions(schema: GraphQLSchema, type: GraphQLCompositeType): GraphQLCompositeType[] {
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const wider = possible.flatMap((each) => (isObjectType(each) ? each.getInterfaces() : []));
  return [...new Set<GraphQLCompositeType>([type, ...possible, ...possible, ...wider])];
}

function introspection(random: Random, inputs: Inputs): string {
  return random.pick([
    '__schema { queryType { name } }',
    `meta: __type(name: ${inputs.text('Query')}) { kind name fields { name type { kind name ofType { name } } } }`,
    '__schema { types { name } directives { name } }',
  ]);
}
