import { describe, expect, it } from '@jest/globals';
import { en } from '../language/en.ts';
import { pt } from '../language/pt.ts';
import { explainFailure, explainRefusal } from './failures.ts';

const refusedWith = (code: string) => ({ graphQLErrors: [{ message: 'as said', extensions: { code } }] });

describe('what went wrong', () => {
  it('is told in words of ours where the code is known, else as the platform says it', () => {
    expect(explainFailure({ networkError: new TypeError('Failed to fetch') }, en)).toBe(en.failure.away);
    expect(explainFailure(refusedWith('SERVICE_UNAVAILABLE'), pt)).toBe(pt.failure.away);
    expect(explainFailure(refusedWith('FORBIDDEN'), pt)).toBe(pt.failure.forbidden);
    expect(explainFailure(refusedWith('UNAUTHENTICATED'), en)).toBe(en.failure.session);
    expect(explainFailure(refusedWith('RATE_LIMITED'), en)).toBe(en.failure.tooMany);
    expect(explainFailure(refusedWith('CONFLICT'), en)).toBe('as said');
    expect(explainFailure(undefined, en)).toBe(en.failure.unknown);
  });

  it('is told of a refused change by its type, where the language has words for it', () => {
    const refusal = { __typename: 'RoleNameTaken', message: 'Another role has that name.' };
    expect(explainRefusal(refusal, en)).toBe('Another role has that name.');
    expect(explainRefusal(refusal, pt)).toBe('Outro papel tem esse nome, ou ele é reservado.');
    expect(explainRefusal({ __typename: 'New', message: 'New.' }, pt)).toBe('New.');
  });
});
