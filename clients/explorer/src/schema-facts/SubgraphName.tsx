import type { SchemaFacts } from '../graphql/developers.ts';
import { subgraphColour } from './field-words.ts';

/** A subgraph's name in its colour. */
export function SubgraphName({ name, facts }: { name: string; facts: SchemaFacts | null }) {
  return (
    <span className="subgraph" data-colour={facts ? subgraphColour(name, facts) : undefined}>
      {name}
    </span>
  );
}
