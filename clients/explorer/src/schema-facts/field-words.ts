// What is known of a field, in words.
import type { SchemaFacts } from '../graphql/developers.ts';

type FieldFacts = SchemaFacts['fields'][string];

/** What it takes to see it, for people. */
export function takesInWords({ takes }: FieldFacts): string {
  const words = takes.map((each) => (each === 'public' ? 'nothing: it is public' : each));
  return words.join(', or by type ');
}

/** A number for a subgraph's colour that stays with it; there are eight. */
export function subgraphColour(subgraph: string, { subgraphs }: Pick<SchemaFacts, 'subgraphs'>): number {
  return Math.max(0, subgraphs.indexOf(subgraph)) % 8;
}
