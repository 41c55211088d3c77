import { describe, expect, it } from '@jest/globals';
import { testViewer } from '@supergraph/chassis/testing';
import { FetchingViewer } from './fetchingViewers.ts';
import type { Cancellation } from './resilience/cancellation.ts';
import { createSharedRuns } from './sharedRuns.ts';

/** Runs that settle when the test says so. */
function setUp() {
  const viewers = new Map<string, FetchingViewer>();
  const runs: { abandoned: Cancellation; answer: (text: string) => void }[] = [];
  const shared = createSharedRuns<string>({
    of({ subject }) {
      const known = viewers.get(subject) ?? new FetchingViewer();
      viewers.set(subject, known);
      return known;
    },
  });
  const ask = (given: { person?: string; variables?: object; key?: string; ip?: string } = {}) =>
    shared.join({
      key: given.key ?? 'query',
      variables: { ...given.variables },
      viewer: testViewer({ subject: given.person ?? 'per_1' }),
      ipAddress: given.ip,
      begin: (abandoned) => new Promise((answer) => runs.push({ abandoned, answer })),
    });
  return { ask, runs, viewer: (person: string) => viewers.get(person) };
}

describe('equal queries under way', () => {
  it('are answered by one run', async () => {
    const { ask, runs } = setUp();
    const both = [ask(), ask()];
    expect(runs).toHaveLength(1);
    runs[0]?.answer('one');
    expect(await Promise.all(both.map(({ answer }) => answer))).toEqual(['one', 'one']);
  });

  it.each([
    ['another person', { person: 'per_2' }],
    ['other variables', { variables: { first: 1 } }],
    ['another operation', { key: 'other' }],
    ['another address', { ip: '192.0.2.1' }],
  ])('are not equal when they are of %s', (_of, other) => {
    const { ask, runs } = setUp();
    ask();
    ask(other);
    expect(runs).toHaveLength(2);
  });

  it('are asked anew once they are answered', async () => {
    const { ask, runs } = setUp();
    const first = ask();
    runs[0]?.answer('one');
    await first.answer;
    ask();
    expect(runs).toHaveLength(2);
  });

  it('are asked anew after a mutation of the viewer, whose effect the run under way may not show', () => {
    const { ask, runs, viewer } = setUp();
    ask();
    const person = viewer('per_1');
    if (person) person.mutationsEnded += 1;
    ask();
    expect(runs).toHaveLength(2);
  });

  it('are abandoned when the last who waits has left, and not before', () => {
    const { ask, runs } = setUp();
    const [first, second] = [ask(), ask()];
    first.leave();
    first.leave();
    expect(runs[0]?.abandoned.isCancelled).toBe(false);
    second.leave();
    expect(runs[0]?.abandoned.isCancelled).toBe(true);
    ask();
    expect(runs).toHaveLength(2);
  });
});
