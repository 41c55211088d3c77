// Sigma rules as the specification (2.1) describes them.
import { describe, expect, it } from '@jest/globals';
import { compileSigma, SigmaError, type SigmaEvent } from './index.ts';

/** Whether a rule with this detection matches the event. */
function matches(detection: string, event: SigmaEvent, placeholders = {}): boolean {
  const yaml = `title: A rule\nlogsource: { product: test }\ndetection:\n${detection.replace(/^/gm, '  ')}`;
  const [rule] = compileSigma(yaml, { placeholders });
  if (rule?.kind !== 'detection') throw new Error('no rule');
  return rule.matches(event);
}

/** Whether a selection of one line matches an event of one field. */
function line(text: string, value: unknown, placeholders = {}): boolean {
  return matches(`selection:\n  ${text}\ncondition: selection`, { Field: value }, placeholders);
}

function refusal(work: () => unknown): SigmaError {
  try {
    work();
  } catch (error) {
    if (error instanceof SigmaError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('a value', () => {
  it.each([
    ['Field: test', 'TEST', true],
    ['Field: test', 'tests', false],
    ['Field: 4625', 4625, true],
    ['Field: 4625', '4625', true],
    ["Field: '4625'", 4625, true],
    ['Field: true', 'True', true],
    ['Field: true', true, true],
    ["Field: 'true'", true, true],
    ['Field: prog?.exe', 'progA.exe', true],
    ['Field: prog?.exe', 'prog.exe', false],
    ['Field: antivirus_V*.exe', 'antivirus_V21.2.1.exe', true],
    ["Field: ''", '', true],
    ["Field: ''", 'x', false],
    ['Field: null', null, true],
    ['Field: null', '', false],
    ['Field: [a, b]', 'b', true],
    ['Field: a', ['b', 'A'], true],
    ['Field: "*"', 'anything', true],
    ['Field: a*b?c*d', 'a--b-c---d', true],
    ['Field: a*b?c*d', 'a--bc---d', false],
    ['Field: a*a', 'a', false],
  ])('%s of %j is %s', (rule, value, expected) => {
    expect(line(rule, value)).toBe(expected);
  });

  it.each([
    // What stands in the rule, what it matches, and what it doesn't.
    ['a\\b', 'a\\b', 'ab'],
    ['a\\\\b', 'a\\b', 'a\\\\b'],
    ['a\\*', 'a*', 'ab'],
    ['a\\?', 'a?', 'ab'],
    ['a\\\\*', 'a\\anything', 'a*'],
    ['a\\\\\\*', 'a\\*', 'a\\x'],
    ['a\\\\\\\\', 'a\\\\', 'a\\'],
  ])('escapes as %s', (rule, yes, no) => {
    expect([line(`Field: '${rule}'`, yes), line(`Field: '${rule}'`, no)]).toEqual([true, false]);
  });

  it('is of a field that may be absent, nested, or called by a dotted name', () => {
    const selection = 'selection: { user.name: eve }\ncondition: selection';
    expect(matches(selection, {})).toBe(false);
    expect(matches(selection, { user: { name: 'Eve' } })).toBe(true);
    expect(matches(selection, { 'user.name': 'eve' })).toBe(true);
    expect(matches(selection, { user: [{ name: 'bob' }, { name: 'eve' }] })).toBe(true);
    expect(matches('selection: { a: null }\ncondition: selection', {})).toBe(true);
    expect(matches('selection: { toString: null }\ncondition: selection', {})).toBe(true);
  });
});

describe('a modifier', () => {
  it.each([
    ['Field|contains: mid', 'a MID b', true],
    ['Field|startswith: adm', 'Admin', true],
    ['Field|startswith: adm', 'an admin', false],
    ["Field|endswith: '\\cmd.exe'", 'C:\\Windows\\CMD.EXE', true],
    ['Field|contains|all: [one, two]', 'two and one', true],
    ['Field|contains|all: [one, two]', 'one', false],
    ['Field|cased: Test', 'test', false],
    ['Field|contains|cased: Test', 'a Test', true],
    ['Field|neq: a', 'b', true],
    ['Field|neq: [a, b]', 'b', false],
    ['Field|neq: a', undefined, true],
    ['Field|exists: true', null, true],
    ['Field|exists: false', undefined, true],
    ['Field|exists: true', undefined, false],
    ['Field|gt: 5', 6, true],
    ['Field|gte: 5', '5', true],
    ['Field|lt: 5', 5, false],
    ['Field|lte: 5', 'five', false],
    ['Field|re: ^a.+z$', 'abcz', true],
    ['Field|re: ^a.+z$', 'ABCZ', false],
    ['Field|re|i: ^a.+z$', 'ABCZ', true],
    ['Field|re|m: ^b$', 'a\nb\nc', true],
    ['Field|re: a.b', 'a\nb', false],
    ['Field|re|s: a.b', 'a\nb', true],
    ['Field|cidr: 10.0.0.0/8', '10.20.30.40', true],
    ['Field|cidr: 10.0.0.0/8', '11.0.0.1', false],
    ['Field|cidr: [2001:db8::/32, fe80::/10]', '2001:db8::1', true],
    ['Field|cidr: 10.0.0.0/8', 'not an address', false],
    ["Field|windash|contains: ' -f '", 'ping /f now', true],
    ["Field|windash|contains: ' -f '", 'ping –f now', true],
    ["Field|windash|contains: ' -f '", 'ping _f now', false],
    ['Field|base64: cmd', 'Y21k', true],
    ['Field|wide|base64: cmd', 'YwBtAGQA', true],
    ['Field|utf16be|base64: cmd', 'AGMAbQBk', true],
    ['Field|utf16|base64: cmd', '//5jAG0AZAA=', true],
    ['Field|hour: 9', '2026-03-01T09:30:00Z', true],
    ['Field|hour|gte: 22', '2026-03-01T09:30:00Z', false],
    ['Field|week: 53', '2026-12-31T00:00:00Z', true],
    ['Field|year: 2026', new Date('2026-03-01T09:30:00Z'), true],
  ])('%s of %j is %s', (rule, value, expected) => {
    expect(line(rule, value)).toBe(expected);
  });

  it('base64offset finds text wherever it lies in what was encoded', () => {
    for (const before of ['', 'a', 'ab', 'abc', 'abcd']) {
      const encoded = Buffer.from(`${before}/bin/bash -i`).toString('base64');
      expect(line('Field|base64offset|contains: /bin/bash', encoded)).toBe(true);
    }
    expect(line('Field|base64offset|contains: /bin/bash', Buffer.from('/bin/zsh').toString('base64'))).toBe(
      false,
    );
  });

  it('fieldref compares with another field of the event', () => {
    const event = { Field: 'eve', Same: 'EVE', Other: 'bob', Part: 'ev' };
    const holds = (text: string) => matches(`selection:\n  ${text}\ncondition: selection`, event);
    expect(['Same', 'Other', 'Absent'].map((name) => holds(`Field|fieldref: ${name}`))).toEqual([
      true,
      false,
      false,
    ]);
    expect(holds('Field|fieldref|startswith: Part')).toBe(true);
    expect(holds('Field|fieldref|neq: Other')).toBe(true);
    expect(holds('Field|fieldref|cased: Same')).toBe(false);
  });

  it('expand puts in what a placeholder stands for, and refuses one that nobody knows', () => {
    const placeholders = { admins: ['root', 'adm*'] };
    expect(line('Field|expand: "%admins%"', 'administrator', placeholders)).toBe(true);
    expect(line("Field|expand: '\\%admins%x'", '%admins%x', placeholders)).toBe(true);
    expect(line('Field: "%admins%"', '%admins%')).toBe(true);
    expect(refusal(() => line('Field|expand: "%servers%"', 'x', placeholders)).message).toContain(
      '%servers%',
    );
  });

  it.each([
    ['Field|contians: a', 'INVALID', 'contians'],
    ['Field|all: a', 'INVALID', 'all'],
    ['Field|i: a', 'INVALID', 're'],
    ['Field: [a, null]', 'INVALID', 'null'],
    ['Field: []', 'INVALID', 'no value'],
    ['Field|cidr: 10.0.0.0/40', 'INVALID', 'CIDR'],
    ['Field|re: "(a"', 'INVALID', 'parsing regexp'],
    ['Field|re: "(?=a)b"', 'UNSUPPORTED', 'look ahead'],
    ["Field|re: '(a)\\1'", 'UNSUPPORTED', 'refer back'],
    ['Field|base64: "a*"', 'UNSUPPORTED', 'wildcards'],
    ['Field|gt: many', 'INVALID', 'number'],
    ['Field|re|cidr: a', 'INVALID', 'at once'],
    ['Field|cidr|contains: 10.0.0.0/8', 'INVALID', 'go with'],
    ['Field: { a: b }', 'INVALID', 'takes text'],
  ])('%s is refused', (rule, code, message) => {
    const error = refusal(() => line(rule, 'x'));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.path).toContain('detection.selection');
  });
});

describe('a search', () => {
  it('by keywords looks into the whole event', () => {
    const event = { Image: 'x', Nested: { Lines: ['SVCHOST.EXE -n evil 1'] } };
    const any = 'keywords: [EVILSERVICE, svchost.exe -n evil]\ncondition: keywords';
    expect([matches(any, event), matches(any, { Image: 'fine' })]).toEqual([true, false]);
    const all = "keywords:\n  '|all': [svchost, evil]\ncondition: keywords";
    expect([matches(all, event), matches(all, { Image: 'svchost' })]).toEqual([true, false]);
    const expression = "keywords:\n  '|re': 'evil [0-9]$'\ncondition: keywords";
    expect([matches(expression, event), matches(expression, { Image: 'evil' })]).toEqual([true, false]);
  });

  it('is all lines of a map, and any map of a list', () => {
    const map = 'selection: { EventLog: Security, EventID: [517, 1102] }\ncondition: selection';
    expect(matches(map, { EventLog: 'Security', EventID: 1102 })).toBe(true);
    expect(matches(map, { EventLog: 'System', EventID: 1102 })).toBe(false);
    const list =
      "selection:\n  - Image|endswith: '\\example.exe'\n  - Description|contains: Test\ncondition: selection";
    expect(matches(list, { Image: 'C:\\example.exe' })).toBe(true);
    expect(matches(list, { Description: 'a test executable' })).toBe(true);
    expect(matches(list, { Image: 'example.exe' })).toBe(false);
  });
});

describe('a condition', () => {
  const searches = ['a', 'b', 'selection_1', 'selection_2', '_hidden'];
  /** By which of the searches hold. */
  const holds = (condition: string, ...held: string[]) =>
    matches(
      `${searches.map((name) => `${name}: { ${name}: 1 }`).join('\n')}\ncondition: ${condition}`,
      Object.fromEntries(held.map((name) => [name, 1])),
    );

  it.each([
    ['a or b and selection_1', ['a'], true],
    ['(a or b) and selection_1', ['a'], false],
    ['not a and b', ['b'], true],
    ['not (a and b)', ['a', 'b'], false],
    ['not not a', ['a'], true],
    ['1 of selection_*', ['selection_2'], true],
    ['all of selection_*', ['selection_2'], false],
    ['all of selection_*', ['selection_1', 'selection_2'], true],
    ['any of them', ['b'], true],
    ['1 of them', ['_hidden'], false],
    ['1 of _*', ['_hidden'], true],
    ['all of them', ['a', 'b', 'selection_1', 'selection_2'], true],
    ['1 of s*_1 and not 1 of s*_2', ['selection_1'], true],
    ['[a, b]', ['b'], true],
    ['a AND b', ['a', 'b'], true],
  ])('%s with %j is %s', (condition, held, expected) => {
    expect(holds(condition, ...held)).toBe(expected);
  });

  it.each([
    ['a and', 'INVALID'],
    ['(a', 'INVALID'],
    ['a b', 'INVALID'],
    ['c', 'INVALID'],
    ['1 of c*', 'INVALID'],
    ['and a', 'INVALID'],
    ['a ; b', 'INVALID'],
    ['2 of them', 'UNSUPPORTED'],
    ['a | count() > 5', 'UNSUPPORTED'],
    ['a near b', 'UNSUPPORTED'],
    [`${'not '.repeat(100)}a`, 'INVALID'],
    [`${'('.repeat(100)}a${')'.repeat(100)}`, 'INVALID'],
  ])('%s is refused', (condition, code) => {
    expect(refusal(() => holds(condition)).code).toBe(code);
  });
});

describe('a text', () => {
  it.each([
    ['', 'no rule'],
    ['just text', 'is a map'],
    ['title: x', 'logsource'],
    ['title: x\nlogsource: {}\ndetection: { a: { b: 1 } }', 'detection.condition'],
    ['title: x\nlogsource: {}\ndetection: { a: { b: 1 }, condition: a, timeframe: 5m }', 'obsolete'],
    ['title: x\nlogsource: {}\nfilter: {}', 'filters'],
    ['title: [', 'Flow'],
    ['title: x\ntitle: y', 'unique'],
    [
      'a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c]',
      'alias',
    ],
    ['title: x'.repeat(200_000), 'longer'],
  ])('%j is refused', (yaml, message) => {
    expect(refusal(() => compileSigma(yaml)).message).toContain(message);
  });
});
