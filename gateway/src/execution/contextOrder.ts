// What of a plan's parallel parts has to wait for another. The planner lets a field that takes an argument from around
// its entity be asked for at once with that argument (@apollo/query-planner 2.14), where both come by references.
import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { type FragmentDefinitionNode, getOperationAST, Kind, parse, type SelectionSetNode } from 'graphql';
import { fragmentsIn } from '../fragments.ts';
import { type PlacedFetch, placedFetches } from './planFetches.ts';
import type { PlanPath } from './responsePaths.ts';

/**
 * For each of several parts that may run at once, the numbers of those before which it must not begin.
 * @param path where the data of all of them belongs
 */
export function contextOrder(parts: readonly PlanNode[], path: PlanPath): readonly (readonly number[])[] {
  const fetches = parts.map((part) => placedFetches(part, path));
  const order: number[][] = parts.map(() => []);
  for (const [index, those] of fetches.entries()) {
    const needed = those.flatMap(neededPlaces);
    if (needed.length === 0) continue;
    for (const [other, suppliers] of fetches.entries()) {
      const isSupplier = other !== index && suppliers.some((each) => needed.some((at) => supplies(each, at)));
      // Two that wait for each other would wait for ever.
      if (isSupplier && !waitsFor(order, { waiting: other, for: index })) order[index]?.push(other);
    }
  }
  return order;
}

function waitsFor(order: readonly number[][], about: { waiting: number; for: number }): boolean {
  const next = order[about.waiting] ?? [];
  return next.some((each) => each === about.for || waitsFor(order, { ...about, waiting: each }));
}

/** Where the arguments of a fetch come from, as response keys from the root. */
function neededPlaces({ fetch, path }: PlacedFetch): PlanPath[] {
  const place = path.filter(isKey);
  return (fetch.contextRewrites ?? []).map((rewrite) => {
    const levels = rewrite.path.filter((element) => element === '..').length;
    return [...place.slice(0, place.length - levels), ...rewrite.path.slice(levels).filter(isKey)];
  });
}

function isKey(element: string): boolean {
  return element !== '@' && !element.startsWith('... on ');
}

function supplies({ fetch, path }: PlacedFetch, needed: PlanPath): boolean {
  const place = path.filter(isKey);
  return place.every((key, index) => needed[index] === key) && selects(fetch, needed.slice(place.length));
}

function selects({ operation, requires }: FetchNode, path: PlanPath): boolean {
  const document = parse(operation, { noLocation: true });
  const fragments = fragmentsIn(document);
  const root = getOperationAST(document)?.selectionSet;
  const [entities] = root?.selections ?? [];
  const set = requires && entities?.kind === Kind.FIELD ? entities.selectionSet : root;
  return path.length > 0 && set !== undefined && isSelected(set, path, fragments);
}

function isSelected(
  { selections }: SelectionSetNode,
  path: PlanPath,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): boolean {
  const [key, ...rest] = path;
  return selections.some((selection) => {
    if (selection.kind === Kind.FIELD) {
      const { alias, name, selectionSet } = selection;
      if ((alias ?? name).value !== key) return false;
      return rest.length === 0 || (selectionSet !== undefined && isSelected(selectionSet, rest, fragments));
    }
    const set =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : fragments.get(selection.name.value)?.selectionSet;
    return set !== undefined && isSelected(set, path, fragments);
  });
}
