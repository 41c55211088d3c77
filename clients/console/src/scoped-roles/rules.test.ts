import { describe, expect, it } from '@jest/globals';
import { byResource, keyOf, scopeOf } from './rules.ts';

describe('roles on one resource', () => {
  it('are shown by resource', () => {
    const on = (resourceId: string, name: string) => ({
      role: { id: `rol_${name}`, name },
      resourceType: 'CHECK' as const,
      resourceId,
    });
    const holdings = byResource([on('chk_1', 'operator'), on('chk_2', 'viewer'), on('chk_1', 'viewer')]);
    expect(holdings.map(({ scope, roles }) => [scope.resourceId, ...roles.map(({ name }) => name)])).toEqual([
      ['chk_1', 'operator', 'viewer'],
      ['chk_2', 'viewer'],
    ]);
  });

  it('name their resource in one word, and never the whole tenant', () => {
    for (const resourceType of ['SERVICE', 'CHECK'] as const) {
      const scope = { resourceType, resourceId: 'svc_1' };
      expect(scopeOf(keyOf(scope))).toEqual(scope);
    }
    expect(scopeOf('')).toEqual({ resourceType: 'SERVICE', resourceId: '' });
  });
});
