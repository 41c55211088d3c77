import { describe, expect, it } from '@jest/globals';
import { testViewer } from '@supergraph/chassis/testing';
import { parse } from 'graphql';
import type { KeptFetch } from '../caching/fetchCache.ts';
import { answerOperation, composeSubgraphs } from '../testing/in-process-subgraphs.ts';
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

const shop = composeSubgraphs({
  shop: 'type Query { items: [Item] @policy(policies: [["public"]]) } type Item @key(fields: "id") { id: ID! @policy(policies: [["public"]]) }',
  names:
    'type Query { a: Int } type Item @key(fields: "id") { id: ID! name: String @policy(policies: [["public"]]) }',
});

describe('a fetch of entities of which one is known', () => {
  it('tells that one also where the subgraph cannot be asked for the other, and an error for the other alone', async () => {
    const lookup = { texts: ['{"name":"Kept"}', undefined], settle: () => undefined };
    const kept: KeptFetch = { entities: async () => lookup, root: async () => lookup };
    const { data, answer } = await answerOperation(shop, {
      document: parse('{ items { id name } }'),
      viewer: testViewer(),
      rootValue: { items: [{ id: '1' }, { id: '2' }] },
      away: ['names'],
      cache: { marks: new Map(), of: ({ subgraph }) => (subgraph === 'names' ? kept : undefined) },
    });
    expect(data).toEqual({
      items: [
        { id: '1', name: 'Kept' },
        { id: '2', name: null },
      ],
    });
    expect(answer.errors).toMatchObject([
      { path: ['items', 1, 'name'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } },
    ]);
  });

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
