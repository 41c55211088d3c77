import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@supergraph/chassis/logging';
import { testViewer } from '@supergraph/chassis/testing';
import type { OperationSource, OperationUse } from '../authorizations.ts';
import { warm } from './warming.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
const used = (query: string, times: number): OperationUse => ({
  times,
  source: { query, operationName: undefined, viewer: testViewer(), variables: {} },
});

/** The next supergraph, in which some operations are not valid and some take long. */
function next({ invalid = [], busyMs = 0 }: { invalid?: string[]; busyMs?: number } = {}) {
  const ready = new Map<string, OperationUse>();
  return {
    ready,
    makeReady({ query }: OperationSource) {
      const end = performance.now() + busyMs;
      while (performance.now() < end);
      if (query === 'broken') throw new Error('no plan');
      if (invalid.includes(query)) return undefined;
      const use = used(query, 0);
      ready.set(query, use);
      return use;
    },
  };
}

describe('what is used of a supergraph', () => {
  const uses = [used('a', 9), used('broken', 8), used('gone', 5), used('b', 1)];
  const from = { mostUsed: (most: number) => uses.slice(0, most) };

  it('is made ready for the next, counts half there, and passes over what is not valid any more', async () => {
    const to = next({ invalid: ['gone'] });
    expect(await warm({ from, to, logger })).toBe(2);
    expect([...to.ready].map(([query, { times }]) => [query, times])).toEqual([
      ['a', 5],
      ['b', 1],
    ]);
  });

  it('is made ready within bounds of number and time', async () => {
    expect(await warm({ from, to: next(), logger, most: 1 })).toBe(1);
    expect(await warm({ from, to: next({ busyMs: 5 }), logger, mostMs: 4 })).toBe(1);
  });
});
