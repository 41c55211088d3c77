import { describe, expect, it } from '@jest/globals';
import { costInWords, subgraphColour, takesInWords } from './field-words.ts';

const field = { subgraphs: ['a'], takes: ['public'], cost: { weight: null, assumedSize: null, sizedBy: [] } };

describe('a field in words', () => {
  it('says what it takes', () => {
    expect(takesInWords(field)).toBe('nothing: it is public');
    expect(takesInWords({ ...field, takes: ['cat:read', 'dog:read'] })).toBe('cat:read, or by type dog:read');
  });

  it('says what it costs where the schema does', () => {
    expect(costInWords(field)).toBeNull();
    const cost = { weight: 3, assumedSize: 20, sizedBy: ['first'] };
    expect(costInWords({ ...field, cost })).toBe('weighs 3, counts as 20 items unless told, sized by first');
    expect(costInWords({ ...field, cost: { ...cost, weight: null, sizedBy: [] } })).toBe(
      'counts as 20 items',
    );
  });

  it('has a colour that stays with its subgraph', () => {
    expect(['a', 'b', 'unknown'].map((name) => subgraphColour(name, { subgraphs: ['a', 'b'] }))).toEqual([
      0, 1, 0,
    ]);
  });
});
