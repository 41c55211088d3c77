// The sizes of pages, told before anything is planned: a page that no subgraph gives is a mistake worth hearing of.
import type { ListSize } from '@supergraph/chassis/cost-directives';
import { type FieldNode, GraphQLError } from 'graphql';
import { type FieldCall, type Slice, sliceOf } from './arguments.ts';
import type { Variables } from './terms.ts';

/** Most items of one page; what the chassis's connections give. */
const maximumPage = 100;

interface Paged {
  coordinate: string;
  node: FieldNode;
  slices: { name: string; slice: Slice; least: number }[];
  takesOne: boolean;
}

export function createPages() {
  const paged = new Map<FieldNode, Paged>();
  return {
    /** Looks at a field that is paged. Once for each place in the document, whatever types it is asked of. */
    add({ coordinate, field, node }: FieldCall, listSize: ListSize): void {
      if (paged.has(node) || listSize.slicingArguments.length === 0) return;
      const slices = listSize.slicingArguments.map((name) => ({
        name,
        slice: sliceOf({ coordinate, field, node }, name),
        // A list of none is nothing wrong; a page of none is no page.
        least: field.args.some((argument) => argument.name === name && isList(String(argument.type))) ? 0 : 1,
      }));
      const takesOne = listSize.requireOneSlicingArgument;
      const isWell = slices.every(({ slice, least }) => typeof slice !== 'function' && fits(slice, least));
      if (isWell && !takesOne) return;
      paged.set(node, { coordinate, node, slices, takesOne });
    },
    refuse(variables: Variables): GraphQLError | undefined {
      for (const page of paged.values()) {
        const problem = problemOf(page, variables);
        if (problem !== undefined)
          return new GraphQLError(problem, { nodes: page.node, extensions: { code: 'BAD_USER_INPUT' } });
      }
      return undefined;
    },
  };
}

function problemOf({ coordinate, slices, takesOne }: Paged, variables: Variables): string | undefined {
  let given = 0;
  for (const { name, slice, least } of slices) {
    const size = typeof slice === 'function' ? slice(variables) : slice;
    if (size !== undefined) given += 1;
    if (!fits(size, least))
      return `Argument "${name}" of ${coordinate} is ${size}; ask for ${least} to ${maximumPage}, and for what follows with another page.`;
  }
  if (!takesOne || given === 1) return undefined;
  const names = slices.map(({ name }) => `"${name}"`).join(', ');
  return `${coordinate} takes exactly one of the arguments ${names}; ${given} are given.`;
}

function fits(size: number | undefined, least: number): boolean {
  return size === undefined || (size >= least && size <= maximumPage);
}

function isList(type: string): boolean {
  return type.startsWith('[');
}
