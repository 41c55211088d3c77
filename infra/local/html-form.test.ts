import { describe, expect, it } from '@jest/globals';
import { pageMessage, readForm } from './html-form.ts';

describe('reading a form', () => {
  it('takes action, fields with what they hold, and the button that is pressed', () => {
    const form = readForm(`<h1>Sign in</h1>
      <form method="post" action="/auth/x?a=1&amp;b=2">
        <input type="hidden" name="csrf" value="&quot;1&#39;&#x3c;">
        <input name="email"> <input type="checkbox" data-name="no">
        <input type="radio" name="tenant" value="acme"><input type="radio" name="tenant" value="globex">
        <button name="decision" value="allow">Go</button>
      </form>
      <form action="/other"></form>`);
    expect(form?.action).toBe('/auth/x?a=1&b=2');
    expect(Object.fromEntries(form?.fields ?? [])).toEqual({
      csrf: '"1\'<',
      email: '',
      tenant: 'acme',
      decision: 'allow',
    });
  });

  it('has no action and no fields where the page gives none', () => {
    expect(readForm('<form><button>Go</button></form>')).toEqual({ action: undefined, fields: new Map() });
    expect(readForm('<p>nothing</p>')).toBeUndefined();
  });
});

describe('what a page says', () => {
  it('is its alert, else its heading, else its beginning', () => {
    expect(pageMessage('<h1>Sign in</h1><p role="alert">Wrong <b>password</b> &amp;#39;\n again</p>')).toBe(
      'Wrong password &#39; again',
    );
    expect(pageMessage('<h1 class="x">Not&nbsp;here</h1>')).toBe('Not&nbsp;here');
    expect(pageMessage('plain text')).toBe('plain text');
  });
});
