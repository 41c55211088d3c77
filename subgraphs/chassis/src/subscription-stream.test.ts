import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import { openSubscription } from './subscription-stream.ts';

const schema = buildSchema('type Query { x: Int } type Subscription { counted: Int }');
const document = parse('subscription { counted }');

/** What began and ended, in order. */
function surrounds() {
  const log: string[] = [];
  const noting =
    (name: string) =>
    async <T>(work: () => Promise<T>): Promise<T> => {
      log.push(`${name} begins`);
      try {
        return await work();
      } finally {
        log.push(`${name} ends`);
      }
    };
  return { log, inScope: noting('scope'), measured: noting('measure') };
}

describe('a running subscription', () => {
  it('is in scope while it waits for an event, and measured only while it executes one', async () => {
    const { log, inScope, measured } = surrounds();
    const rootValue = {
      async *counted() {
        log.push('waits');
        yield { counted: 1 };
      },
    };
    const results = await openSubscription({
      args: { schema, document, rootValue },
      makeContext: () => {
        log.push('executes');
        return {};
      },
      inScope,
      measured,
      mask: (error) => {
        throw error;
      },
      maskAll: (errors) => {
        throw errors[0];
      },
      onEnd: () => undefined,
    });
    if (!('next' in results)) throw new Error('It was not opened.');
    log.length = 0;
    expect(await results.next()).toEqual({ done: false, value: { data: { counted: 1 } } });
    expect(log).toEqual([
      'scope begins',
      'waits',
      'measure begins',
      'executes',
      'measure ends',
      'scope ends',
    ]);
    await results.return(undefined);
  });
});
