import { describe, expect, it } from '@jest/globals';
import { testViewer } from '@supergraph/chassis/testing';
import type { KeptFetch } from '../caching/fetchCache.ts';
import { compileFetchBody } from './fetchBody.ts';
import { keepingClient } from './keptFetches.ts';

const body = compileFetchBody({
  kind: 'Fetch',
  serviceName: 'shop',
  operation:
    'query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }',
  operationName: undefined,
  operationKind: 'query' as never, // the planner's enum of the same values
  variableUsages: [],
});

describe('a fetch of entities of which one is known', () => {
  it('tells that one also where the subgraph answers for the other with an error alone', async () => {
    const known = '{"name":"Kept"}';
    const settled: (readonly (string | undefined)[])[] = [];
    const lookup = {
      texts: [undefined, known],
      settle: (texts: readonly (string | undefined)[]) => void settled.push(texts),
    };
    const kept: KeptFetch = { entities: async () => lookup, root: async () => lookup };
    const client = keepingClient(
      {
        name: 'shop',
        fetch: async () => '{"data":null,"errors":[{"message":"no","path":["_entities"]}]}',
        demandReady: async () => undefined,
        close: async () => undefined,
      },
      { kept, body },
    );
    const session = {
      ...{ viewer: testViewer(), issuedAt: 0, expiresAt: Number.POSITIVE_INFINITY },
      onChange: () => () => undefined,
    };
    const text = await client.fetch(body.divided('', ['{"id":"1"}', '{"id":"2"}']), {
      ...{ session, requestId: 'test', ipAddress: undefined },
    });
    expect(JSON.parse(text)).toEqual({
      data: { _entities: [null, { name: 'Kept' }] },
      errors: [{ message: 'no', path: ['_entities'] }],
    });
    expect(settled).toEqual([[]]);
  });
});
