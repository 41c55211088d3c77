import { describe, expect, it } from '@jest/globals';
import { selectOperation } from './operation.ts';

describe('the operation that runs', () => {
  it('is the requested one where the text has it', () => {
    expect(selectOperation('query A { a } query B { b }', 'B').name).toBe('B');
    expect(selectOperation('query A { a }', 'A').name).toBe('A');
  });

  it('is the only one when the requested name was another tab’s', () => {
    const selected = selectOperation('subscription Live { live } fragment F on T { a }', 'Welcome');
    expect(selected.name).toBe('Live');
    expect(selected.document?.definitions).toHaveLength(2);
  });

  it('is the nameless one when that is all there is', () => {
    expect(selectOperation('{ a }', 'Welcome').name).toBeUndefined();
    expect(selectOperation('{ a }', null).name).toBeUndefined();
  });

  it('is left to the server where the choice or the text is not clear', () => {
    expect(selectOperation('query A { a } query B { b }', 'C').name).toBe('C');
    expect(selectOperation('query {', 'A')).toEqual({ document: undefined, name: 'A' });
  });
});
