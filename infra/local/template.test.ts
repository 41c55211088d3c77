import { describe, expect, it } from '@jest/globals';
import { render } from './template.ts';

/** A place in a template: a dollar sign and the name in braces. */
const place = (name: string) => `$\{${name}}`;

describe('a template', () => {
  it('is filled, and what is nginx’s own stays', () => {
    const text = render(`listen ${place('PORT')}; ${place('remote_addr')} $host`, { PORT: 80 });
    expect(text).toBe(`listen 80; ${place('remote_addr')} $host`);
  });

  it('is refused where a name has no value', () => {
    expect(() => render(place('PORT') + place('HOST'), { PORT: 80 })).toThrow('needs a value for HOST');
  });

  it('is refused where a value has no place', () => {
    expect(() => render(place('PORT'), { PORT: 80, HOST: 'a', NAME: 'b' })).toThrow(
      'no place for HOST, NAME',
    );
  });

  it('takes a value as it is, also one that looks like a place', () => {
    expect(render(place('A'), { A: `${place('B')} $& $1` })).toBe(`${place('B')} $& $1`);
  });
});
