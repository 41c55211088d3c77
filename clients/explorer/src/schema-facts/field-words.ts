// What is known of a field, in words.
import type { SchemaFacts } from '../graphql/developers.ts';

type FieldFacts = SchemaFacts['fields'][string];

/** What it takes to see it, for people. */
export function takesInWords({ takes }: FieldFacts): string {
  const words = takes.map((each) => (each === 'public' ? 'nothing: it is public' : each));
  return words.join(', or by type ');
}

/** What it costs, for people; null where the schema says nothing of it. */
export function costInWords({ cost: { weight, assumedSize, sizedBy } }: FieldFacts): string | null {
  const words = [
    weight === null ? [] : `weighs ${weight}`,
    assumedSize === null ? [] : `counts as ${assumedSize} items${sizedBy.length > 0 ? ' unless told' : ''}`,
    sizedBy.length === 0 ? [] : `sized by ${sizedBy.join(' or ')}`,
  ].flat();
  return words.length > 0 ? words.join(', ') : null;
}

/** A number for a subgraph's colour that stays with it; there are eight. */
export function subgraphColour(subgraph: string, { subgraphs }: Pick<SchemaFacts, 'subgraphs'>): number {
  return Math.max(0, subgraphs.indexOf(subgraph)) % 8;
}
