import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DocumentNode, GraphQLError, parse, Source } from 'graphql';
import type { Finding } from './finding.ts';

/** A subgraph: a folder of subgraphs/ that has a schema.graphql. */
export interface Subgraph {
  /** The folder's name. */
  name: string;
  /** The SDL's path from the root, as it stands in messages. */
  file: string;
  document: DocumentNode;
}

export interface SubgraphsRead {
  /** Sorted by name, so that whatever is made of them comes out the same everywhere. */
  subgraphs: Subgraph[];
  findings: Finding[];
}

export function readSubgraphs(root: string): SubgraphsRead {
  const read: SubgraphsRead = { subgraphs: [], findings: [] };
  for (const name of readdirSync(join(root, 'subgraphs')).sort()) {
    const file = `subgraphs/${name}/schema.graphql`;
    if (!existsSync(join(root, file))) continue; // the chassis, or a subgraph that is only being begun
    try {
      const document = parse(new Source(readFileSync(join(root, file), 'utf8'), file));
      read.subgraphs.push({ name, file, document });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      const { line, column } = error.locations?.[0] ?? { line: 1, column: 1 };
      read.findings.push({
        where: `${file}:${line}:${column}`,
        problem: error.message,
        remedy: 'Correct the SDL there.',
      });
    }
  }
  return read;
}
