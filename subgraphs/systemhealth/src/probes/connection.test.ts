import { describe, expect, it } from '@jest/globals';
import { keepConnection } from './connection.ts';

describe('a kept connection', () => {
  it('is one, also when two asks come at once and each opens its own', async () => {
    const closed: number[] = [];
    let opened = 0;
    const probe = keepConnection<number>({
      open: () => ++opened,
      ask: async () => ({ message: null }),
      close: (connection) => void closed.push(connection),
    });
    const { signal } = new AbortController();
    await Promise.all([probe.ask(signal), probe.ask(signal)]);
    await probe.ask(signal);
    expect([opened, closed]).toEqual([2, [2]]);
    await probe.close();
    expect(closed).toEqual([2, 1]);
  });
});
