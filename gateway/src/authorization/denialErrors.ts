// What is said of a denied field at each place at which the answer would hold it.
import { type Denial, denialError, type FieldCoordinate, type Policy } from '@supergraph/chassis/policy';
import { type FieldNode, type GraphQLFormattedError, getLocation } from 'graphql';

/** A denial without its path, and without the stack that a GraphQLError takes: a list has one for each of its items. */
export function formattedDenial(
  denial: Denial,
  policy: Policy,
  { coordinate, nodes }: { coordinate: FieldCoordinate; nodes: readonly FieldNode[] },
): Omit<GraphQLFormattedError, 'path'> {
  const { message, extensions } = denialError(denial, coordinate, policy);
  const locations = nodes.flatMap(({ loc }) => (loc ? [getLocation(loc.source, loc.start)] : []));
  return { message, locations, extensions };
}
