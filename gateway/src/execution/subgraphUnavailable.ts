/**
 * Why a fetch brought nothing. `failure`: wrong answer or none; `deadline`: not in time; `rejected`: not tried, as the
 * subgraph's circuit is open; `overloaded`: not tried, as too many wait already; `left`: nobody waits any more.
 */
export type FetchFailure = 'failure' | 'deadline' | 'rejected' | 'overloaded' | 'left';

const whatHappened: Record<FetchFailure, string> = {
  failure: 'failed',
  deadline: 'did not answer in time',
  rejected: 'is failing and was not tried',
  overloaded: 'has too much to do and was not tried',
  left: 'is not waited for any more',
};

/** A subgraph could not be asked. The message names it, never its address. */
export class SubgraphUnavailable extends Error {
  override readonly name = 'SubgraphUnavailable';
  readonly subgraph: string;
  readonly outcome: FetchFailure;

  constructor(subgraph: string, outcome: FetchFailure, cause?: unknown) {
    super(`${subgraph} ${whatHappened[outcome]}.`, { cause });
    this.subgraph = subgraph;
    this.outcome = outcome;
  }
}
