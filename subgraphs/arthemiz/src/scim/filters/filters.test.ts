import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ScimError } from '../errors.ts';
import { comparisons, type Filter, parseFilter, parsePath } from './grammar.ts';
import { type Attributes, claim, instant, queryOf, text } from './query.ts';

const attributes: Attributes = {
  username: text('userName', { letters: 'any case' }),
  externalid: text('externalId', { letters: 'exact' }),
  active: claim({ suspendedAt: null }),
  'meta.created': instant('createdAt'),
};
const compile = (filter: string) => queryOf(parseFilter(filter), attributes);
const refusalOf = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScimError) return error.scimType;
    throw error;
  }
};

describe('the grammar of filters', () => {
  it('binds and more tightly than or, and not to its parentheses alone', () => {
    const term = (attribute: string): Filter => ({ kind: 'present', attribute });
    expect(parseFilter('a pr or b pr and not (c pr) or (d pr or e pr) and f pr')).toEqual({
      kind: 'or',
      filters: [
        term('a'),
        { kind: 'and', filters: [term('b'), { kind: 'not', filter: term('c') }] },
        { kind: 'and', filters: [{ kind: 'or', filters: [term('d'), term('e')] }, term('f')] },
      ],
    });
  });

  it('reads the examples of RFC 7644 and what directories send', () => {
    expect(parseFilter('userName Eq "bjensen"')).toMatchObject({ attribute: 'username', comparison: 'eq' });
    expect(parseFilter('urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"')).toMatchObject({
      attribute: 'username',
    });
    expect(parseFilter('emails[type eq "work" and value co "@example.com"]')).toMatchObject({
      kind: 'and',
      filters: [{ attribute: 'emails.type' }, { attribute: 'emails.value' }],
    });
    expect(parseFilter('emails[type eq "work"].value eq "a@b.test"')).toMatchObject({
      filters: [{ attribute: 'emails.type' }, { attribute: 'emails.value', value: 'a@b.test' }],
    });
    expect(parseFilter('meta.lastModified gt "2011-05-13T04:42:34Z"')).toMatchObject({ comparison: 'gt' });
    expect(parseFilter(String.raw`title eq "a \"quoted\" \\ back\u0041"`)).toMatchObject({
      value: 'a "quoted" \\ backA',
    });
    expect(parsePath('members[value eq "x"]')).toEqual({
      attribute: 'members',
      filter: { kind: 'compare', attribute: 'members.value', comparison: 'eq', value: 'x' },
    });
    expect(parsePath('emails[type eq "work"].value').attribute).toBe('emails.value');
    expect(
      parsePath('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department').attribute,
    ).toMatch(/:department$/);
  });

  it('refuses what is wrong, too long, too deep or too much', () => {
    for (const filter of [
      ...['', '   ', 'userName', 'userName eq', 'userName eq bjensen', 'userName like "x"', 'userName pr)'],
      ...['(userName pr', 'userName pr userName pr', 'not userName pr', 'userName eq "x', '"x" eq userName'],
      ...[
        '$where eq "x"',
        'userName.a.b eq "x"',
        'a[b[c pr]]',
        String.raw`userName eq "\x"`,
        'userName eq {}',
      ],
      `userName eq "${'x'.repeat(2_000)}"`,
      `${'('.repeat(20)}userName pr${')'.repeat(20)}`,
      Array(60).fill('userName pr').join(' or '),
    ])
      expect([filter, refusalOf(() => compile(filter))]).toEqual([filter, 'invalidFilter']);
  });

  it('fails in no other way, whatever is sent', () => {
    const soup = fc.array(
      fc.oneof(
        fc.constantFrom(
          '(',
          ')',
          '[',
          ']',
          'not',
          'and',
          'or',
          'pr',
          'eq',
          'userName',
          '.x',
          '"a"',
          'true',
          '1',
        ),
        fc.string(),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(soup, (words) => {
        const outcome = refusalOf(() => compile(words.join(' ')));
        expect(['invalidFilter', 'object']).toContain(typeof outcome === 'string' ? outcome : typeof outcome);
      }),
      { numRuns: 500 },
    );
  });
});

const value = fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.constant(null));
const leaf = fc.oneof(
  fc.record({
    kind: fc.constant('compare' as const),
    attribute: fc.constantFrom('username', 'externalid', 'emails.value'),
    comparison: fc.constantFrom(...comparisons),
    value,
  }),
  fc.record({ kind: fc.constant('present' as const), attribute: fc.constantFrom('username', 'active') }),
);
const { filter: anyFilter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.record({ kind: fc.constant('not' as const), filter: tie('filter') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      filters: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));

function printed(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.map((each) => `(${printed(each)})`).join(` ${filter.kind} `);
    case 'not':
      return `not (${printed(filter.filter)})`;
    case 'present':
      return `${filter.attribute} pr`;
    case 'compare':
      return `${filter.attribute} ${filter.comparison} ${JSON.stringify(filter.value)}`;
  }
}

describe('filters', () => {
  it('are read as what they were written from', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        const written = printed(filter);
        fc.pre(written.length <= 2_000);
        expect(parseFilter(written)).toEqual(filter);
      }),
    );
  });

  it('ask MongoDB for nothing but listed fields by listed operators, whatever they compare with', () => {
    const fields = ['userName', 'externalId', 'suspendedAt', 'createdAt', '_id'];
    const operators = ['$and', '$or', '$nor', '$eq', '$ne', '$in', '$nin', '$regex', '$options'];
    const known = new Set([...fields, ...operators, '$gt', '$gte', '$lt', '$lte']);
    fc.assert(
      fc.property(anyFilter, fc.string(), (filter, more) => {
        const injecting = `(${printed(filter)}) or username eq ${JSON.stringify(`{"$ne":"${more}"}`)}`;
        const query = refusalOf(() => compile(injecting));
        if (typeof query === 'object' && query !== null)
          expect(keysIn(query).filter((key) => !known.has(key))).toEqual([]);
      }),
    );
  });

  it('compare texts as they are: no sign of a pattern counts as one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (wanted, other) => {
        fc.pre(!wanted.includes('\0'));
        const query = queryOf(
          { kind: 'compare', attribute: 'username', comparison: 'eq', value: wanted },
          attributes,
        );
        const { $regex } = query.userName as { $regex: string };
        expect(new RegExp($regex).test(wanted)).toBe(true);
        expect(new RegExp($regex).test(other)).toBe(wanted === other);
      }),
    );
  });

  it('compare an attribute with values of its own type alone', () => {
    for (const filter of [
      'userName eq true',
      'userName gt 5',
      'active eq "maybe"',
      'active gt true',
      'meta.created gt "soon"',
    ])
      expect([filter, refusalOf(() => compile(filter))]).toEqual([filter, 'invalidFilter']);
    expect(compile('active eq "False"')).toEqual(compile('active eq false'));
  });
});

function keysIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn);
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysIn(inner)]);
}
