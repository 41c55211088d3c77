import { operationFromDocument } from '@apollo/federation-internals';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DocumentNode, parse } from 'graphql';
import { composeSubgraphs } from '../testing/in-process-subgraphs.ts';
import { overrides } from './correctness/corpus/overrides.ts';
import { loadCase } from './correctness/federatedCase.ts';
import { generateOperation } from './correctness/operationGenerator.ts';
import { heldLabels } from './overrideRules.ts';
import type { Supergraph } from './supergraph.ts';

const planOf = ({ planner, apiSchema }: Supergraph, document: DocumentNode, held: readonly string[]) =>
  JSON.stringify(planner.plan(operationFromDocument(apiSchema, document), held));

describe('a field that moves to another subgraph', () => {
  const { supergraph } = composeSubgraphs({
    old: 'type Query { things: [Thing] } type Thing @key(fields: "id") { id: ID! name: String size: Int }',
    next: `type Thing @key(fields: "id") { id: ID!
      name: String @override(from: "old", label: "names") size: Int @override(from: "old", label: "percent(20)") }`,
  });

  it('is asked where its label says', () => {
    const document = parse('{ things { name } }');
    expect(planOf(supergraph, document, [])).not.toContain('"next"');
    expect(planOf(supergraph, document, ['names'])).toContain('"next"');
  });

  it('matters to operations that ask for it, alone', () => {
    const { all, of } = supergraph.overrides;
    expect(all).toEqual(['names', 'percent(20)']);
    expect(of(parse('{ things { name } }'), undefined)).toEqual(['names']);
    expect(of(parse('{ things { id } }'), undefined)).toEqual([]);
    expect(of(parse('query A { things { id } } query B { things { size } }'), 'B')).toEqual(['percent(20)']);
  });

  it.each(overrides.map((definition) => [definition.name, definition] as const))(
    'changes no plan but those that it is said to change: %s',
    (_, definition) => {
      const loaded = loadCase(definition);
      const { all, of } = loaded.supergraph.overrides;
      for (let seed = 0; seed < 12; seed += 1) {
        const { document } = generateOperation(loaded.supergraph.schema, String(seed));
        const labels = of(document, undefined);
        for (let set = 0; set < 2 ** all.length; set += 1) {
          const held = all.filter((_, index) => (set >> index) & 1);
          const mattering = held.filter((label) => labels.includes(label));
          const plan = planOf(loaded.supergraph, document, held);
          expect(planOf(loaded.supergraph, document, mattering)).toBe(plan);
        }
      }
    },
  );
});

describe('a label', () => {
  const labels = ['names', 'percent(0)', 'percent(5)', 'percent(50.5)', 'percent(100)', 'toString'];
  const held = (draw: number, rules = {}) => heldLabels(labels, rules)(draw);

  it('holds for as many percent of operations as it says, and not at all where it says nothing', () => {
    expect(held(99.9)).toEqual(['percent(100)']);
    expect(held(50)).toEqual(['percent(50.5)', 'percent(100)']);
    expect(held(0)).toEqual(['percent(5)', 'percent(50.5)', 'percent(100)']);
  });

  it('holds as it is configured, whatever it says', () => {
    const rules = { names: 10, 'percent(5)': false, 'percent(0)': true };
    expect(held(9, rules)).toEqual(['names', 'percent(0)', 'percent(50.5)', 'percent(100)']);
    expect(held(11, rules)).toEqual(['percent(0)', 'percent(50.5)', 'percent(100)']);
  });

  it('is one of those that hold for most where nobody has drawn', () => {
    expect(heldLabels(['percent(30)', 'percent(40)'], {})(undefined)).toEqual([]);
    expect(heldLabels(['percent(30)', 'percent(90)'], {})(undefined)).toEqual(['percent(90)']);
    expect(heldLabels(['names'], { names: true })(undefined)).toEqual(['names']);
  });

  it('comes with others in sixteen sets at most, and never holds for more than it says, nor for nobody', () => {
    const draws = Array.from({ length: 1_000 }, (_, index) => index / 10);
    const percentages = fc.uniqueArray(fc.integer({ min: 0, max: 1_000 }), { maxLength: 60, size: 'max' });
    fc.assert(
      fc.property(percentages, (tenths) => {
        const asked = tenths.map((tenth) => `percent(${tenth / 10})`);
        const heldBy = heldLabels(asked, {});
        const sets = draws.map(heldBy);
        expect(new Set(sets).size).toBeLessThanOrEqual(16);
        const steps = new Set(tenths.filter((tenth) => tenth > 0 && tenth < 1_000));
        for (const [index, label] of asked.entries()) {
          const tenth = tenths[index] ?? 0;
          const times = sets.filter((set) => set.includes(label)).length;
          expect(times).toBeLessThanOrEqual(tenth);
          if (steps.size < 16 || tenth === 1_000) expect(times).toBe(tenth);
          else if (tenth > 0) expect(times).toBeGreaterThan(0);
        }
      }),
    );
  });
});
