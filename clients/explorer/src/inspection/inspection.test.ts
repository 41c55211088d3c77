import { describe, expect, it } from '@jest/globals';
import type { OperationReport } from '../graphql/developers.ts';
import { createInspection } from './inspection.ts';

const report = (name: string): OperationReport => ({
  operation: { type: 'query', name },
  plan: null,
  denied: [],
  cost: { estimated: 1, maximum: 10 },
});

/** Questions whose answers the test gives when it likes. */
function questions() {
  const open: ((answer: OperationReport | Error) => void)[] = [];
  const inspection = createInspection({
    facts: async () => ({ subgraphs: [], types: {}, fields: {} }),
    inspect: () =>
      new Promise((resolve, reject) => {
        open.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
      }),
  });
  return { inspection, open };
}

describe('looking at operations', () => {
  it('shows the answer to the last question, whichever comes first', async () => {
    const { inspection, open } = questions();
    const both = [inspection.inspect({ query: '{ a }' }), inspection.inspect({ query: '{ b }' })];
    open[1]?.(report('b'));
    open[0]?.(report('a'));
    await Promise.all(both);
    expect(inspection.state()).toMatchObject({ report: { operation: { name: 'b' } }, isWaiting: false });
  });

  it('shows why there is no answer, and nothing of what was forgotten meanwhile', async () => {
    const { inspection, open } = questions();
    const refused = inspection.inspect({ query: '{ a }' });
    open[0]?.(new Error('The gateway does not answer.'));
    await refused;
    expect(inspection.state()).toMatchObject({ report: null, failure: 'The gateway does not answer.' });
    const late = inspection.inspect({ query: '{ b }' });
    inspection.forget('There is no operation.');
    open[1]?.(report('b'));
    await late;
    expect(inspection.state()).toMatchObject({ report: null, failure: 'There is no operation.' });
  });

  it('asks again what was asked last', async () => {
    const { inspection, open } = questions();
    const first = inspection.inspect({ query: '{ a }' });
    open[0]?.(report('before'));
    await first;
    const again = inspection.repeat();
    open[1]?.(report('after'));
    await again;
    expect(inspection.state().report?.operation.name).toBe('after');
  });
});
