// Arguments that a subgraph takes from the objects around an entity (`@context`, `@fromContext`).
import { describe, expect, it } from '@jest/globals';
import { testViewer } from '@supergraph/chassis/testing';
import { GraphQLError, parse, printSchema } from 'graphql';
import { answerOperation, composeSubgraphs, type Resolver } from '../testing/in-process-subgraphs.ts';

const accounts = `
  type Query @authenticated { accounts: [Account!] account: Account }
  type Account @key(fields: "id") @context(name: "account") @authenticated {
    id: ID! payment: Payment limit: Int @external currency: String @policy(policies: [["account:read"]]) }
  type Payment @key(fields: "id") @authenticated { id: ID! note: String
    isLarge(limit: Int @fromContext(field: "$account { limit }")): Boolean
    amount(currency: String @fromContext(field: "$account { currency }")): String
      @policy(policies: [["account:read"]]) # amount
    parts(currency: String @fromContext(field: "$account { currency }")): [Part]
      @policy(policies: [["account:read"]]) }
  type Part @authenticated { text: String }
`;
const subgraphs = {
  accounts,
  limits: 'type Account @key(fields: "id") @authenticated { id: ID! limit: Int }',
  risks: 'type Payment @key(fields: "id") @authenticated { id: ID! risk: Int }',
};
const composed = composeSubgraphs(subgraphs);

/** Every account has the same payment, and its own currency. */
const accountsIn = (currencies: readonly (string | null)[]) =>
  currencies.map((currency, index) => ({ id: `a${index}`, currency, payment: { id: 'p' } }));

const fieldResolver: Resolver = (source, args, _context, { fieldName }) => {
  const { currency } = args;
  if (fieldName === 'amount' && currency === 'XXX')
    throw new GraphQLError('No such currency.', { extensions: { code: 'NOT_FOUND' } });
  const computed = {
    amount: `1 ${currency}`,
    parts: [{ text: currency }],
    note: 'a note',
    risk: 7,
    limit: 9,
    isLarge: true,
  };
  return Reflect.get({ ...computed, ...Object(source) }, fieldName);
};

interface Given {
  permissions?: readonly string[];
  variables?: Record<string, unknown>;
  away?: readonly string[];
}

async function ask(query: string, currencies: readonly (string | null)[], given: Given = {}) {
  const { permissions = ['account:read'], variables = {}, away = [] } = given;
  const all = accountsIn(currencies);
  const viewer = testViewer({ permissions: new Set(permissions) });
  const rootValue = { accounts: all, account: all[0] };
  return answerOperation(composed, {
    document: parse(query),
    viewer,
    variables,
    fieldResolver,
    rootValue,
    away,
  });
}

describe('an entity under several contexts', () => {
  it('is told of in each of them, in one request', async () => {
    const { data, fetches } = await ask('{ accounts { payment { amount risk parts { text } } } }', [
      ...['EUR', 'USD', 'EUR'],
      null,
    ]);
    const told = (currency: string | null) => ({
      payment: { amount: `1 ${currency}`, risk: 7, parts: [{ text: currency }] },
    });
    expect(data).toEqual({ accounts: [told('EUR'), told('USD'), told('EUR'), told(null)] });
    const [, ...others] = fetches.filter(({ subgraph }) => subgraph === 'accounts');
    expect(others.map(({ variables }) => variables)).toEqual([
      {
        ...{
          contextualArgument_1_0_0: 'EUR',
          contextualArgument_1_0_1: 'USD',
          contextualArgument_1_0_2: null,
        },
        ...{
          contextualArgument_1_2_0: 'EUR',
          contextualArgument_1_2_1: 'USD',
          contextualArgument_1_2_2: null,
        },
        representations_0: [{ __typename: 'Payment', id: 'p' }],
        representations_1: [{ __typename: 'Payment', id: 'p' }],
        representations_2: [{ __typename: 'Payment', id: 'p' }],
      },
    ]);
  });

  it('is asked for in as many requests as they take', async () => {
    const currencies = Array.from({ length: 45 }, (_, index) => `C${index}`);
    const { data, fetches } = await ask('{ accounts { payment { amount } } }', currencies);
    expect(data).toEqual({ accounts: currencies.map((each) => ({ payment: { amount: `1 ${each}` } })) });
    expect(fetches).toHaveLength(1 + 3);
  });

  it('fails where it does', async () => {
    const { data, answer } = await ask('{ accounts { payment { amount note } } }', [
      'EUR',
      'XXX',
      'USD',
      'XXX',
    ]);
    const failed = { payment: { amount: null, note: 'a note' } };
    const told = (currency: string) => ({ payment: { amount: `1 ${currency}`, note: 'a note' } });
    expect(data).toEqual({ accounts: [told('EUR'), failed, told('USD'), failed] });
    expect(answer.errors.map(({ path }) => path)).toEqual([
      ['accounts', 1, 'payment', 'amount'],
      ['accounts', 3, 'payment', 'amount'],
    ]);
  });
});

describe('an argument from around an entity', () => {
  it('is nothing that clients know of', () => {
    expect(printSchema(composed.supergraph.schema)).toContain('amount: String\n');
  });

  it('takes what its own source takes of a viewer, or nothing is composed', async () => {
    const { data, fetches } = await ask('{ account { currency payment { note amount } } }', ['EUR'], {
      permissions: [],
    });
    expect(data).toEqual({ account: { currency: null, payment: { note: 'a note', amount: null } } });
    expect(fetches.map(({ query }) => query)).toEqual(['{account{payment{note}}}']);
    const lenient = accounts.replace(' @policy(policies: [["account:read"]]) # amount', '');
    expect(() => composeSubgraphs({ ...subgraphs, accounts: lenient })).toThrow(
      'access the transitive field',
    );
  });

  it('takes nothing else with it when its own source is away', async () => {
    const query = '{ account { payment { isLarge amount risk } } }';
    const { data, answer } = await ask(query, ['EUR'], { away: ['limits'] });
    expect(data).toEqual({ account: { payment: { isLarge: null, amount: '1 EUR', risk: 7 } } });
    expect(answer.errors.map(({ extensions }) => extensions?.code)).toEqual(['SUBGRAPH_UNAVAILABLE']);
  });

  it('that is not known is not asked with', async () => {
    const query = `query ($on: Boolean!) {
      account { payment { amount @include(if: $on) risk } other: payment { note } payment { note } }
    }`;
    const { data, answer, fetches } = await ask(query, ['EUR'], { variables: { on: false } });
    expect(data).toEqual({ account: { payment: { risk: 7, note: 'a note' }, other: { note: 'a note' } } });
    expect(answer.errors).toEqual([]);
    expect(fetches.flatMap(({ variables }) => Object.keys(variables))).toEqual(['representations']);
  });
});
