import { describe, expect, it } from '@jest/globals';
import { testViewer } from '@supergraph/chassis/testing';
import { FetchingViewer } from './fetchingViewers.ts';
import { createSharedRuns } from './sharedRuns.ts';

/** Runs that settle when the test says so. */
function setUp() {
  const viewers = new Map<string, FetchingViewer>();
  const runs: { abandoned: AbortSignal; answer: (text: string) => void }[] = [];
  const shared = createSharedRuns<string>({
    of({ subject }) {
      const known = viewers.get(subject) ?? new FetchingViewer();
      viewers.set(subject, known);
      return known;
    },
  });
  const ask = (
    given: { person?: string; variables?: object; key?: string; ip?: string; gone?: AbortSignal } = {},
  ) =>
    shared.join({
      key: given.key ?? 'query',
      variables: { ...given.variables },
      viewer: testViewer({ subject: given.person ?? 'per_1' }),
      ipAddress: given.ip,
      gone: given.gone,
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
    expect(await Promise.all(both)).toEqual(['one', 'one']);
  });

  it.each([
    ['another person', { person: 'per_2' }],
    ['other variables', { variables: { first: 1 } }],
    ['another operation', { key: 'other' }],
    ['another address', { ip: '192.0.2.1' }],
  ])('are not equal when they are of %s', (_of, other) => {
    const { ask, runs } = setUp();
    void ask();
    void ask(other);
    expect(runs).toHaveLength(2);
  });

  it('are asked anew once they are answered', async () => {
    const { ask, runs } = setUp();
    const first = ask();
    runs[0]?.answer('one');
    await first;
    void ask();
    expect(runs).toHaveLength(2);
  });

  it('are asked anew after a mutation of the viewer, whose effect the run under way may not show', () => {
    const { ask, runs, viewer } = setUp();
    void ask();
    const person = viewer('per_1');
    if (person) person.mutationsEnded += 1;
    void ask();
    expect(runs).toHaveLength(2);
  });

  it('are abandoned when the last who waits has left, and not before', () => {
    const { ask, runs } = setUp();
    const [first, second] = [new AbortController(), new AbortController()];
    void ask({ gone: first.signal });
    void ask({ gone: second.signal });
    first.abort();
    expect(runs[0]?.abandoned.aborted).toBe(false);
    second.abort();
    expect(runs[0]?.abandoned.aborted).toBe(true);
    void ask();
    expect(runs).toHaveLength(2);
  });

  it('are not kept up by who had left before', () => {
    const { ask, runs } = setUp();
    const waiting = new AbortController();
    void ask({ gone: waiting.signal });
    void ask({ gone: AbortSignal.abort() });
    expect(runs).toHaveLength(1);
    expect(runs[0]?.abandoned.aborted).toBe(false);
    waiting.abort();
    expect(runs[0]?.abandoned.aborted).toBe(true);
  });
});
