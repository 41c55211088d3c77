// The shop composed twice: as it is, for a gateway that enforces its permissions and limits, and without these for peers.
import { composeServices } from '@apollo/composition';
import { type DocumentNode, Kind, visit } from 'graphql';
import { type SubgraphName, subgraphNames, typeDefs } from './schemas.ts';

export interface Supergraphs {
  /** With the permissions and the sizes of lists that stand in the subgraphs' SDL. */
  guarded: string;
  /** Without any: what a peer with nothing on gets. */
  open: string;
}

/** @param urls where each subgraph answers */
export function composeShop(urls: Readonly<Record<SubgraphName, string>>): Supergraphs {
  const compose = (treat: (document: DocumentNode) => DocumentNode) => {
    const services = subgraphNames.map((name) => ({
      name,
      url: urls[name],
      typeDefs: treat(typeDefs(name)),
    }));
    const result = composeServices(services);
    if (result.errors) throw new AggregateError(result.errors, String(result.errors[0]?.message));
    return result.supergraphSdl;
  };
  return { guarded: compose((document) => document), open: compose(withoutProtection) };
}

const protection: ReadonlySet<string> = new Set(['authenticated', 'policy', 'listSize']);

function withoutProtection(document: DocumentNode): DocumentNode {
  return visit(document, {
    Directive: ({ name }) => (protection.has(name.value) ? null : undefined),
    // Their imports by @link.
    StringValue: ({ kind, value }) =>
      kind === Kind.STRING && value.startsWith('@') && protection.has(value.slice(1)) ? null : undefined,
  });
}
