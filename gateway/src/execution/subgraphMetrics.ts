import type { Metrics } from '@supergraph/chassis/metrics';
import { Counter, Gauge } from 'prom-client';
import type { Bulkhead } from './resilience/bulkhead.ts';

/** What is measured of the fetches of all subgraphs, beside the chassis's metrics of outgoing calls. */
export interface SubgraphMetrics extends Pick<Metrics, 'outgoingCalls' | 'breakers'> {
  /** Queries that waited for the answer to another's. */
  readonly shared: Counter<'subgraph'>;
  /** Queries that failed: tried again (`made`), or not as too many were (`withheld`). */
  readonly retries: Counter<'subgraph' | 'outcome'>;
  /** Shows how many fetches of a subgraph are under way and wait. @returns what ends that. */
  watch(subgraph: string, bulkhead: Bulkhead): () => void;
}

export function createSubgraphMetrics({ registry, outgoingCalls, breakers }: Metrics): SubgraphMetrics {
  const registers = [registry];
  const watched = new Map<Bulkhead, string>();
  new Gauge({
    name: 'gateway_subgraph_fetches',
    help: 'Fetches from a subgraph that are under way, or wait for their turn.',
    labelNames: ['subgraph', 'state'],
    registers,
    collect() {
      this.reset();
      for (const [bulkhead, subgraph] of watched) {
        this.inc({ subgraph, state: 'under_way' }, bulkhead.inside);
        this.inc({ subgraph, state: 'waiting' }, bulkhead.waiting);
      }
    },
  });
  return {
    outgoingCalls,
    breakers,
    shared: new Counter({
      name: 'gateway_subgraph_fetches_shared_total',
      help: 'Queries to a subgraph that were answered together with another, identical one of the same viewer.',
      labelNames: ['subgraph'],
      registers,
    }),
    retries: new Counter({
      name: 'gateway_subgraph_retries_total',
      help: 'Failed queries to a subgraph that were tried again (made), or not, for too many were (withheld).',
      labelNames: ['subgraph', 'outcome'],
      registers,
    }),
    watch(subgraph, bulkhead) {
      watched.set(bulkhead, subgraph);
      return () => void watched.delete(bulkhead);
    },
  };
}
