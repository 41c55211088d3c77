import { describe, expect, it } from '@jest/globals';
import { testViewer } from '@supergraph/chassis/testing';
import { compileContextBatch } from './contextBatch.ts';
import { compileFetchBody } from './fetchBody.ts';
import { keepingClient } from './keptFetches.ts';
import type { SubgraphClient } from './subgraphClient.ts';

const node = {
  kind: 'Fetch' as const,
  serviceName: 'shop',
  operation:
    'query ($representations: [_Any!]!, $contextualArgument_1_0: String) { _entities(representations: $representations) { ...F } } fragment F on Item { price(in: $contextualArgument_1_0) }',
  operationName: undefined,
  operationKind: 'query' as never, // the planner's enum of the same values
  variableUsages: ['contextualArgument_1_0'],
  contextRewrites: [
    { kind: 'KeyRenamer' as const, path: ['..', 'currency'], renameKeyTo: 'contextualArgument_1_0' },
  ],
};
const body = compileFetchBody(node);
const session = {
  ...{ viewer: testViewer(), issuedAt: 0, expiresAt: Number.POSITIVE_INFINITY },
  onChange: () => () => undefined,
};
const context = { session, requestId: 'test', ipAddress: undefined };

/** A subgraph that tells what it was asked, and says something of the second and of nothing. */
function recordingClient(answer: unknown) {
  const bodies: { query: string; variables: unknown }[] = [];
  const client: SubgraphClient = {
    name: 'shop',
    async fetch(request) {
      bodies.push(JSON.parse(request.body));
      return JSON.stringify(answer);
    },
    demandReady: async () => undefined,
    close: async () => undefined,
  };
  return { client, bodies };
}

const askIn = (currency: string) =>
  body.divided(`"contextualArgument_1_0":"${currency}"`, ['{"__typename":"Item","id":"1"}']);

describe('what is asked under several contexts', () => {
  it('goes in one request, and comes back as if each had asked alone', async () => {
    const answer = {
      data: { _entities_0: [{ price: 1 }], _entities_1: [null] },
      errors: [{ message: 'no', path: ['_entities_1', 0, 'price'] }, { message: 'of nothing' }],
    };
    const { client, bodies } = recordingClient(answer);
    const batch = compileContextBatch({ node, client, keeping: (each) => each })(2);
    const texts = await Promise.all(['EUR', 'USD'].map((each) => batch.fetch(askIn(each), context)));
    expect(texts.map((text) => JSON.parse(text))).toEqual([
      { data: { _entities: [{ price: 1 }] }, errors: [{ message: 'of nothing' }] },
      { data: { _entities: [null] }, errors: [{ message: 'no', path: ['_entities', 0, 'price'] }] },
    ]);
    expect(bodies).toEqual([
      {
        query:
          'query($representations_0:[_Any!]!$representations_1:[_Any!]!$contextualArgument_1_0_0:String$contextualArgument_1_0_1:String){_entities_0:_entities(representations:$representations_0){...F_0}_entities_1:_entities(representations:$representations_1){...F_1}}fragment F_0 on Item{price(in:$contextualArgument_1_0_0)}fragment F_1 on Item{price(in:$contextualArgument_1_0_1)}',
        variables: {
          ...{ contextualArgument_1_0_0: 'EUR', contextualArgument_1_0_1: 'USD' },
          representations_0: [{ __typename: 'Item', id: '1' }],
          representations_1: [{ __typename: 'Item', id: '1' }],
        },
      },
    ]);
  });

  it('is nothing where each of them is kept, and otherwise the rest; kept by what is around', async () => {
    const kept = new Map([['"contextualArgument_1_0":"EUR"', '{"price":5}']]);
    const keeping = (client: SubgraphClient) => {
      const lookup = async (_viewer: unknown, variables: string) => ({
        texts: [kept.get(variables)],
        settle: ([text]: readonly (string | undefined)[]) => void (text && kept.set(variables, text)),
      });
      return keepingClient(client, { kept: { entities: lookup, root: lookup }, body });
    };
    const { client, bodies } = recordingClient({ data: { _entities: [{ price: 1 }] } });
    const batchOf = compileContextBatch({ node, client, keeping });
    for (const requests of [1, 1]) {
      const batch = batchOf(2);
      const texts = await Promise.all(['EUR', 'USD'].map((each) => batch.fetch(askIn(each), context)));
      expect(texts.map((text) => JSON.parse(text).data)).toEqual([
        { _entities: [{ price: 5 }] },
        { _entities: [{ price: 1 }] },
      ]);
      expect(bodies).toHaveLength(requests);
    }
  });

  it('fails for all where the subgraph does', async () => {
    const { client } = recordingClient(null);
    const failing = { ...client, fetch: () => Promise.reject(new Error('away')) };
    const batch = compileContextBatch({ node, client: failing, keeping: (each) => each })(2);
    const asked = ['EUR', 'USD'].map((each) => batch.fetch(askIn(each), context));
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
