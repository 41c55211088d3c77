// The ways to subgraphs, which outlive a supergraph: whoever asks for the same subgraph at the same URL gets the same
// connections, circuit and subscriptions, and the last one to give them back closes them.
import type { SubgraphClient } from '../execution/subgraphClient.ts';
import type { SubgraphEvents } from '../subscriptions/subgraphEvents.ts';

export interface SubgraphLink {
  client: SubgraphClient;
  events: SubgraphEvents;
  close(): Promise<void>;
}

export interface SubgraphLinks {
  /**
   * @param urls of subgraphs that are not named in SUBGRAPH_URLS
   * @throws where a subgraph has no URL, naming it; then nothing is opened
   */
  open(names: readonly string[], urls: Readonly<Record<string, string>>): OpenedSubgraphs;
  stop(): Promise<void>;
}

/** The supergraph cannot be served: there is no way to a part of it. */
export class SubgraphWithoutUrl extends Error {
  override readonly name = 'SubgraphWithoutUrl';

  constructor(names: readonly string[]) {
    super(`SUBGRAPH_URLS names no URL for ${names.join(', ')}, which the supergraph was composed from.`);
  }
}

export interface OpenedSubgraphs {
  clients: ReadonlyMap<string, SubgraphClient>;
  events: ReadonlyMap<string, SubgraphEvents>;
  /** Their GraphQL endpoints. */
  urls: ReadonlyMap<string, string>;
  close(): void;
}

export interface SubgraphLinksOptions {
  /** SUBGRAPH_URLS: what the deployment says goes before what a supergraph says. */
  urls: Readonly<Record<string, string>>;
  connect(name: string, url: string): SubgraphLink;
}

export function createSubgraphLinks({ urls: deployed, connect }: SubgraphLinksOptions): SubgraphLinks {
  const links = new Map<string, SubgraphLink & { users: number }>();

  function take(name: string, url: string) {
    const key = `${name} ${url}`;
    const link = links.get(key) ?? { ...connect(name, url), users: 0 };
    link.users += 1;
    links.set(key, link);
    return { key, link };
  }

  async function giveBack(key: string): Promise<void> {
    const link = links.get(key);
    if (link === undefined) return;
    link.users -= 1;
    if (link.users > 0) return;
    links.delete(key);
    await link.close();
  }

  return {
    open(names, urls) {
      const missing = names.filter((name) => (deployed[name] ?? urls[name]) === undefined);
      if (missing.length > 0) throw new SubgraphWithoutUrl(missing);
      const ways = new Map(names.map((name) => [name, deployed[name] ?? urls[name] ?? '']));
      const taken = [...ways].map(([name, url]) => ({ name, ...take(name, url) }));
      let isOpen = true;
      return {
        clients: new Map(taken.map(({ name, link }) => [name, link.client])),
        events: new Map(taken.map(({ name, link }) => [name, link.events])),
        urls: ways,
        close() {
          if (!isOpen) return;
          isOpen = false;
          for (const { key } of taken) void giveBack(key);
        },
      };
    },
    async stop() {
      const all = [...links.values()];
      links.clear();
      await Promise.all(all.map((link) => link.close()));
    },
  };
}
