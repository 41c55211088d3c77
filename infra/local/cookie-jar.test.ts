import { describe, expect, it } from '@jest/globals';
import { CookieJar } from './cookie-jar.ts';

const url = (path: string) => new URL(path, 'http://localhost');
function jarWith(...lines: string[]): CookieJar {
  const jar = new CookieJar();
  for (const line of lines) jar.take(new Headers({ 'set-cookie': line }));
  return jar;
}

describe('a cookie jar', () => {
  it('sends cookies where their path fits', () => {
    const jar = jarWith('a=1; Path=/; HttpOnly', 'b=x=y; path=/auth', 'c=3; Path=/auth/deep/');
    expect(jar.headerFor(url('/'))).toBe('a=1');
    expect(jar.headerFor(url('/auth'))).toBe('a=1; b=x=y');
    expect(jar.headerFor(url('/authority'))).toBe('a=1');
    expect(jar.headerFor(url('/auth/deep/er'))).toBe('a=1; b=x=y; c=3');
  });

  it('keeps the newer of two with one name and path', () => {
    expect(jarWith('a=1', 'a=2; Path=/').headerFor(url('/'))).toBe('a=2');
  });

  it.each(['Max-Age=0', 'Max-Age=-1', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT'])(
    'forgets one with %s',
    (over) => {
      expect(jarWith('a=1', `a=; ${over}`).headerFor(url('/'))).toBe('');
    },
  );
});
