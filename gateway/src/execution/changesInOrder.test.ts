import { describe, expect, it } from '@jest/globals';
import { parse, print, stripIgnoredCharacters } from 'graphql';
import { withChangesInOrder } from './changesInOrder.ts';

const planned = (query: string, name?: string) =>
  stripIgnoredCharacters(print(withChangesInOrder(parse(query), name)));

describe('a mutation', () => {
  it('is planned as it is where its changes stand beside each other', () => {
    const document = parse('mutation { a b: a(of: 1) @skip(if: true) { id } }');
    expect(withChangesInOrder(document, undefined)).toBe(document);
    const query = parse('{ a @skip(if: true) b a ...F } fragment F on Query { __typename }');
    expect(withChangesInOrder(query, undefined)).toBe(query);
  });

  it.each([
    [
      'without fragments around its changes',
      'mutation{...F __typename}fragment F on M{a ...{b}}',
      'mutation{a b}',
    ],
    [
      'with the conditions of fragments beside its changes',
      'mutation($x:Boolean!,$y:Boolean!){...@skip(if:$x){a b@include(if:$y)c@skip(if:$y)}}',
      'mutation($x:Boolean!$y:Boolean!){a@skip(if:$x)b@skip(if:$x)@include(if:$y)...@skip(if:$y){c@skip(if:$x)}}',
    ],
    [
      'with each change where it is first included, and nowhere else',
      'mutation($x:Boolean!){a@skip(if:$x)b a}',
      'mutation($x:Boolean!){a@skip(if:$x)b a@include(if:$x)}',
    ],
    ['with a change that was made before not again', 'mutation{a{x}b a{y}}', 'mutation{a{x ...{y}}b}'],
    [
      'with all that is selected of one change',
      'mutation($x:Boolean!){a{x}b a@skip(if:$x){y}}',
      'mutation($x:Boolean!){a{x ...@skip(if:$x){y}}b}',
    ],
    [
      'without what can never be',
      'mutation($x:Boolean!){...@skip(if:$x){a@include(if:$x)b}}',
      'mutation($x:Boolean!){b@skip(if:$x)}',
    ],
  ])('is planned %s', (_, query, expected) => {
    expect(planned(query)).toBe(expected);
  });

  it('is planned as it is where a part of its changes is deferred', () => {
    const query = 'mutation{a ...@defer{b}}';
    expect(planned(query)).toBe(query);
  });
});
