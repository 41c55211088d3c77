import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@supergraph/chassis/logging';
import { testViewer } from '@supergraph/chassis/testing';
import { anonymous } from '@supergraph/chassis/viewer';
import { Registry } from 'prom-client';
import { createAuthorizations } from './authorizations.ts';
import { createDocuments } from './documents.ts';
import { createExecutor } from './execution/executor.ts';
import type { OverrideRules } from './execution/overrideRules.ts';
import type { SubgraphClient } from './execution/subgraphClient.ts';
import { createPlanning } from './limits/planning.ts';
import { createFieldUsage } from './observability/fieldUsage.ts';
import { composeSubgraphs } from './testing/in-process-subgraphs.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
const { supergraph } = composeSubgraphs({
  old: `
    type Query @authenticated { things: [Thing] }
    type Thing @key(fields: "id") @authenticated { id: ID! name: String size: Int weight: Int }
  `,
  next: `type Thing @key(fields: "id") @authenticated { id: ID!
    name: String @override(from: "old", label: "names")
    size: Int @override(from: "old", label: "percent(20)")
    weight: Int @override(from: "old", label: "percent(70)") }`,
});

function authorizationsBy(overrideRules: OverrideRules, bounds: { heldBytes?: number } = {}) {
  const usage = createFieldUsage({ uses: { add: async () => undefined }, registry: new Registry(), logger });
  const planning = createPlanning({ config: null, onRefused: () => undefined, onSpent: () => undefined });
  return createAuthorizations({ supergraph, overrideRules, usage, planning, ...bounds });
}

function read(query: string) {
  const found = createDocuments(supergraph).read({ query, operationName: undefined, mayLearnSchema: false });
  if ('errors' in found) throw found.errors[0];
  return found;
}

function plannedBy(overrideRules: OverrideRules) {
  const authorizations = authorizationsBy(overrideRules);
  const nowhere = new Map<string, SubgraphClient>(
    supergraph.subgraphNames.map((name) => [
      name,
      {
        name,
        fetch: () => Promise.reject(new Error('Nothing is asked here.')),
        demandReady: async () => undefined,
        close: async () => undefined,
      },
    ]),
  );
  const executor = createExecutor({ supergraph, subgraphs: nowhere, logger });
  const viewer = testViewer();
  return (query: string, draw?: number) => {
    const authorized = authorizations.of(read(query), {
      ...{ viewer, variables: {} },
      ...(draw === undefined ? {} : { draw }),
    });
    const { key, overridden } = authorized;
    const compiled = executor.prepare({ key, authorized, overridden, bytes: 1, operationName: undefined });
    return { authorized, compiled, asksNext: JSON.stringify(compiled.plan).includes('"next"') };
  };
}

describe('an operation that asks for a field that moves', () => {
  it('is planned once for each set of labels that hold', async () => {
    const planned = plannedBy({});
    const query = '{ things { size weight } }';
    const draws = Array.from({ length: 100 }, (_, index) => planned(query, index));
    expect(new Set(draws.map(({ compiled }) => compiled)).size).toBe(3);
    expect(new Set(draws.map(({ authorized }) => authorized.key)).size).toBe(3);
    expect(draws.filter(({ asksNext }) => asksNext)).toHaveLength(70);
    expect(draws.filter(({ authorized }) => authorized.overridden.length === 2)).toHaveLength(20);
  });

  it('is counted as one', () => {
    const planned = plannedBy({});
    const [some, others] = [planned('{ things { size } }', 10), planned('{ things { size } }', 90)];
    expect(some.authorized.use).toBe(others.authorized.use);
    expect(some.authorized.usage).toBe(others.authorized.usage);
  });

  it('is made ready as most are to get it, and once', () => {
    const planned = plannedBy({});
    const query = '{ things { size weight } }';
    const { authorized, asksNext } = planned(query, undefined);
    expect(authorized.overridden).toEqual(['percent(70)']);
    expect(asksNext).toBe(true);
    expect(planned(query, 50).authorized).toBe(authorized);
  });

  it('is asked where it is configured', () => {
    expect(plannedBy({})('{ things { name } }', 0).asksNext).toBe(false);
    expect(plannedBy({ names: true })('{ things { name } }', 99).asksNext).toBe(true);
    expect(plannedBy({ 'percent(20)': false })('{ things { size } }', 0).asksNext).toBe(false);
  });

  it('leaves others alone', () => {
    const planned = plannedBy({ names: true });
    const [some, others] = [planned('{ things { id } }', 0), planned('{ things { id } }', 99)];
    expect(some.authorized).toBe(others.authorized);
  });
});

describe('what is used most', () => {
  it('comes first, by what was sent, without long values and without what was never run', () => {
    const authorizations = authorizationsBy({});
    const viewer = testViewer();
    const use = (query: string, times: number, variables: Record<string, unknown> = {}) => {
      authorizations.of(read(query), { viewer, variables, draw: 0 }).use.times += times;
    };
    use('{ things { id } }', 1, { short: 'a', long: 'a'.repeat(101), yes: true, nested: { a: 1 } });
    use('{ things { size } }', 0);
    use('{ things { name } }', 2);
    use('{ things { weight } }', 1);
    const used = authorizations.mostUsed(2);
    expect(used.map(({ source, times }) => [source.query, times])).toEqual([
      ['{ things { name } }', 2],
      [expect.stringMatching(/id|weight/), 1],
    ]);
    const ofId = authorizations.mostUsed(9).find(({ source }) => source.query.includes('id'));
    expect(ofId?.source.variables).toEqual({ short: 'a', yes: true });
    expect(authorizations.mostUsed(9)).toHaveLength(3);
  });
});

describe('what is remembered', () => {
  const large = (number: number) => `{ things { id } } # ${number} ${'x'.repeat(100_000)}`;
  const draw = 0;

  it('does not keep more documents in memory than it may', () => {
    const heldBytes = 3 * read(large(0)).bytes;
    const authorizations = authorizationsBy({}, { heldBytes });
    const viewer = testViewer();
    for (let number = 0; number < 10; number += 1)
      authorizations.of(read(large(number)), { viewer, variables: {}, draw }).use.times += 1;
    const kept = authorizations.mostUsed(99).map(({ source }) => source.query);
    expect(kept.sort()).toEqual([large(7), large(8), large(9)]);
  });

  it('counts a document once, however many decisions are about it', () => {
    const document = read(large(0));
    const authorizations = authorizationsBy({}, { heldBytes: document.bytes });
    for (const viewer of [testViewer(), anonymous])
      authorizations.of(document, { viewer, variables: {}, draw }).use.times += 1;
    expect(authorizations.mostUsed(99)).toHaveLength(2);
  });
});
