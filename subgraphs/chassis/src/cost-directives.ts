// What a schema says of costs, in IBM's GraphQL Cost Directives (https://ibm.github.io/graphql-specs/cost-spec.html) as
// federation has them. The gateway counts by it; the schema pipeline sees to it that no list goes without.
import { type ConstDirectiveNode, type DocumentNode, Kind, valueFromASTUntyped } from 'graphql';
import { z } from 'zod';
import { linkedDirectives } from './linked-directives.ts';

/** How long a list gets. */
export interface ListSize {
  /** Its length where no slicing argument is given. */
  assumedSize: number | undefined;
  /** Arguments of the field that say how much it returns: a number, or a list whose length counts. */
  slicingArguments: readonly string[];
  /** The lists of the object that the field returns which have this size; the field itself is no list then. */
  sizedFields: readonly string[];
  /** Whether a request has to give exactly one of the slicing arguments. */
  requireOneSlicingArgument: boolean;
}

export interface CostDirectives {
  /** By coordinate: `Type`, `Type.field`, `Type.field(argument:)`, `Input.field`. */
  weights: ReadonlyMap<string, number>;
  /** By `Type.field`. */
  listSizes: ReadonlyMap<string, ListSize>;
}

type Directive = 'cost' | 'listSize';

const known: ReadonlyMap<Directive, string> = new Map([
  ['cost', 'cost'],
  ['listSize', 'cost'],
]);

// IBM writes weights as strings, federation as whole numbers.
const costArguments = z.object({ weight: z.coerce.number().min(0) });
const listSizeArguments = z.object({
  assumedSize: z.number().int().min(0).nullish(),
  slicingArguments: z.array(z.string()).nullish(),
  sizedFields: z.array(z.string()).nullish(),
  requireOneSlicingArgument: z.boolean().nullish(),
});

interface Marked {
  readonly kind: Kind;
  readonly name?: { readonly value: string } | undefined;
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
  readonly fields?: readonly Marked[] | undefined;
  readonly arguments?: readonly Marked[] | undefined;
}

/** @throws where an argument is missing, negative or of another kind. */
export function readCostDirectives(document: DocumentNode): CostDirectives {
  const names = linkedDirectives(document, known);
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();
  const read = (coordinate: string, { directives = [] }: Marked) => {
    for (const node of directives) {
      const directive = names.get(node.name.value);
      if (directive === 'cost') weights.set(coordinate, argumentsOf(node, costArguments).weight);
      if (directive === 'listSize') listSizes.set(coordinate, listSizeOf(node));
    }
  };
  for (const definition of document.definitions as readonly Marked[]) {
    if (definition.kind === Kind.DIRECTIVE_DEFINITION || definition.name === undefined) continue;
    const type = definition.name.value;
    read(type, definition);
    for (const field of definition.fields ?? []) {
      const coordinate = `${type}.${field.name?.value}`;
      read(coordinate, field);
      for (const argument of field.arguments ?? []) read(`${coordinate}(${argument.name?.value}:)`, argument);
    }
  }
  return { weights, listSizes };
}

function listSizeOf(node: ConstDirectiveNode): ListSize {
  const given = argumentsOf(node, listSizeArguments);
  return {
    assumedSize: given.assumedSize ?? undefined,
    slicingArguments: given.slicingArguments ?? [],
    sizedFields: given.sizedFields ?? [],
    requireOneSlicingArgument: given.requireOneSlicingArgument ?? true,
  };
}

function argumentsOf<Shape extends z.ZodType>(node: ConstDirectiveNode, shape: Shape): z.output<Shape> {
  const given = Object.fromEntries(
    (node.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
  const result = shape.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`@${node.name.value} is not understood: ${problems.join('; ')}`);
}
