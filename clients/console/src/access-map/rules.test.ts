import { describe, expect, it } from '@jest/globals';
import { shownOf } from './rules.ts';

const rows = [
  { principal: 'per_1', person: { displayName: 'Olivia Ortega' }, what: 'Query.people', deniedCount: 0 },
  { principal: 'key_2', person: null, what: 'Query.people', deniedCount: 3 },
];
const all = { who: '', what: '', isRefusedOnly: false };

describe('what of the access map is shown', () => {
  it('is what fits all that is looked for, by name or id', () => {
    expect(shownOf(rows, all)).toHaveLength(2);
    expect(shownOf(rows, { ...all, who: 'olivia' })).toEqual([rows[0]]);
    expect(shownOf(rows, { ...all, who: 'KEY_', what: 'people' })).toEqual([rows[1]]);
    expect(shownOf(rows, { ...all, what: 'Finding' })).toEqual([]);
    expect(shownOf(rows, { ...all, isRefusedOnly: true })).toEqual([rows[1]]);
  });
});
