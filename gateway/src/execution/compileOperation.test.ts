// What clients get of operations over two subgraphs, where these do what no subgraph of ours does.
import { describe, expect, it } from '@jest/globals';
import { testViewer } from '@supergraph/chassis/testing';
import { parse } from 'graphql';
import {
  answerOperation,
  composeSubgraphs,
  type OperationOfViewer,
} from '../testing/in-process-subgraphs.ts';

const composed = composeSubgraphs({
  stock: `
    type Query @authenticated { items(named: String): [Item] }
    type Item @key(fields: "id") @authenticated { id: ID! }
  `,
  shop: 'type Item @key(fields: "id") @authenticated { id: ID! name: String price: Int }',
});

const ask = (query: string, given: Pick<OperationOfViewer, 'rootValue' | 'fieldResolver' | 'variables'>) =>
  answerOperation(composed, { document: parse(query), viewer: testViewer(), ...given });

const items = (ids: readonly string[]) => ({ items: ids.map((id) => ({ id })) });

/** Resolves everything but the names of some items. */
const withoutNamesOf =
  (...ids: readonly string[]): OperationOfViewer['fieldResolver'] =>
  (source, _given, _context, { fieldName }) => {
    const { id, ...fields } = source as { id: string };
    if (fieldName === 'name' && ids.includes(id)) throw new Error(`${id} has no name`);
    return { id, name: 'Name', price: 1, ...fields }[fieldName];
  };

describe('what could not be told of an entity', () => {
  it('is told of in a list that is longer than what is read of errors', async () => {
    const ids = Array.from({ length: 1_500 }, (_, index) => String(index));
    const { answer } = await ask('{ items { name } }', {
      rootValue: items(ids),
      fieldResolver: withoutNamesOf('1400'),
    });
    expect(answer.errors.map(({ path }) => path)).toEqual([['items', 1_400, 'name']]);
  });

  it('is told of once for each place at which the entity stands', async () => {
    const { answer } = await ask('{ items { name price } }', {
      rootValue: items(['1', '2', '1', '1']),
      fieldResolver: withoutNamesOf('1'),
    });
    expect(answer.errors.map(({ path }) => path?.[1])).toEqual([0, 2, 3]);
  });
});

describe('a variable', () => {
  it('that is not given and called like what every object has is not sent', async () => {
    const { data, answer } = await ask('query ($toString: String) { items(named: $toString) { id } }', {
      rootValue: items(['1']),
    });
    expect(answer.errors).toEqual([]);
    expect(data).toEqual({ items: [{ id: '1' }] });
  });
});
