import { describe, expect, it } from '@jest/globals';
import { type Assertion, assertion, firstFailure } from './assertions.ts';
import { jsonPathProblem } from './json-paths.ts';
import { patternProblem } from './patterns.ts';

const of = (
  source: Assertion['source'],
  comparison: Assertion['comparison'],
  { selector = null, value = null }: { selector?: string | null; value?: string | null },
): Assertion => assertion.parse({ source, comparison, selector, value });

const answer = {
  body: JSON.stringify({ status: 'ok', depth: 3, queues: [{ n: 1 }, { n: 7 }], 'a b': null }),
  header: (name: string) => (name.toLowerCase() === 'x-cache' ? 'HIT' : null),
};
const fails = (each: Assertion) => firstFailure([each], answer);

describe('an assertion', () => {
  it('looks into the body', () => {
    expect(fails(of('BODY', 'CONTAINS', { value: '"ok"' }))).toBeNull();
    expect(fails(of('BODY', 'NOT_CONTAINS', { value: 'error' }))).toBeNull();
    expect(fails(of('BODY', 'MATCHES', { value: 'depth":\\d+' }))).toBeNull();
    expect(fails(of('BODY', 'CONTAINS', { value: 'fine' }))).toBe('the body does not contain “fine”');
  });

  it('looks at every value that a JSON path selects, and wants one', () => {
    expect(fails(of('JSON', 'EQUALS', { selector: '$.status', value: 'ok' }))).toBeNull();
    expect(fails(of('JSON', 'LESS_THAN', { selector: '$.queues[*].n', value: '8' }))).toBeNull();
    expect(fails(of('JSON', 'LESS_THAN', { selector: '$.queues[*].n', value: '7' }))).toBe(
      '$.queues[*].n is not less than “7”',
    );
    expect(fails(of('JSON', 'EQUALS', { selector: "$['a b']", value: 'null' }))).toBeNull();
    expect(fails(of('JSON', 'EQUALS', { selector: '$.none', value: 'x' }))).toBe('$.none is missing');
    expect(fails(of('JSON', 'NOT_EXISTS', { selector: '$.errors' }))).toBeNull();
    expect(fails(of('JSON', 'EXISTS', { selector: "$.queues[?match(@.x, 'a')]" }))).not.toBeNull();
    expect(firstFailure([of('JSON', 'EXISTS', { selector: '$' })], { body: '<p>' })).toBe(
      'the body is not JSON',
    );
  });

  it('looks at a header, whatever the case of its name', () => {
    expect(fails(of('HEADER', 'EQUALS', { selector: 'X-Cache', value: 'HIT' }))).toBeNull();
    expect(fails(of('HEADER', 'EXISTS', { selector: 'etag' }))).toBe('header etag is missing');
  });

  it('is refused where it can mean nothing', () => {
    for (const wrong of [
      { source: 'BODY', comparison: 'EXISTS' },
      { source: 'BODY', comparison: 'EQUALS', selector: '$', value: '' },
      { source: 'JSON', comparison: 'EQUALS', value: 'x' },
      { source: 'JSON', comparison: 'EQUALS', selector: 'status', value: 'x' },
      { source: 'HEADER', comparison: 'EXISTS', selector: 'x y' },
      { source: 'JSON', comparison: 'LESS_THAN', selector: '$.n', value: 'many' },
      { source: 'BODY', comparison: 'MATCHES', value: '(' },
      { source: 'BODY', comparison: 'CONTAINS' },
    ])
      expect([wrong, assertion.safeParse(wrong).success]).toEqual([wrong, false]);
  });
});

describe('what a tenant writes', () => {
  it('as a pattern takes linear time', () => {
    expect(patternProblem('^(a+)+$')).toBeNull();
    expect(patternProblem('(?=a)b')).toBe('is not a regular expression of RE2');
    expect(patternProblem('((a{30}){30}){30}')).not.toBeNull();
    const evil = of('BODY', 'MATCHES', { value: '^(a+)+$' });
    const began = performance.now();
    expect(firstFailure([evil], { body: `${'a'.repeat(60_000)}!` })).not.toBeNull();
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('as a JSON path takes time linear in the document', () => {
    expect(jsonPathProblem('$..items[?@.state == "bad, worse..$"].id')).toBeNull();
    expect(jsonPathProblem("$.a[?search(@.b, 'c')]")).toBeNull();
    expect(jsonPathProblem('$..a..b')).toBe('may hold `..` once');
    expect(jsonPathProblem('$[?count($[*]) > 1]')).toBe('may hold `$` at its beginning alone');
    expect(jsonPathProblem('$[*,*][*,*]')).toBe('may hold one selector in a bracket');
    expect(jsonPathProblem('$[')).toBe('is not a JSON path of RFC 9535');
    const evil = of('JSON', 'EXISTS', { selector: "$[?match(@, '(a+)+b')]" });
    const began = performance.now();
    firstFailure([evil], { body: JSON.stringify(['a'.repeat(60_000)]) });
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
