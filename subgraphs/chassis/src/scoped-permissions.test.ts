import { describe, expect, it } from '@jest/globals';
import { permissionsOfBoth } from './scoped-permissions.ts';

describe('what two may do together', () => {
  it.each([
    ['what both may', ['a:read', 'b:read'], ['b:read', 'c:read'], ['b:read']],
    ['what one may everywhere, where the other may', ['a:read'], ['a:read@x', 'b:read@x'], ['a:read@x']],
    ['nothing where each may elsewhere', ['a:read@x'], ['a:read@y'], []],
    ['nothing of what one alone may on a resource', ['a:read@x'], ['b:read'], []],
    ['nothing where one may nothing', ['a:read'], [], []],
  ])('is %s', (_, one, other, both) => {
    expect(permissionsOfBoth(one, other)).toEqual(both);
    expect(permissionsOfBoth(other, one)).toEqual(both);
  });
});
