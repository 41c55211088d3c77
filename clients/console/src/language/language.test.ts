import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, isInterfaceType, isObjectType } from 'graphql';
import { permissions } from '../../../../subgraphs/arthemiz/src/roles/rules.ts';
import { permissionsInEnglish, permissionsInPortuguese } from './permissions.ts';
import { refusalsInPortuguese } from './refusals.ts';
import { preferredLanguage } from './rules.ts';

describe('the language', () => {
  it('is the first that the person prefers and that there is, else English', () => {
    expect(preferredLanguage(['pt-PT', 'en'])).toBe('pt');
    expect(preferredLanguage(['de-DE', 'PT-br', 'en-US'])).toBe('pt');
    expect(preferredLanguage(['en-GB', 'pt'])).toBe('en');
    expect(preferredLanguage(['ptx', 'de'])).toBe('en');
    expect(preferredLanguage([])).toBe('en');
  });

  it('has words for every permission of the platform, in both', () => {
    const known = [...permissions].sort();
    expect(Object.keys(permissionsInEnglish).sort()).toEqual(known);
    expect(Object.keys(permissionsInPortuguese).sort()).toEqual(known);
  });

  it('has words for every refusal of what the console changes, and for none that is not there', () => {
    const schema = buildSchema(
      readFileSync(new URL('../../../../schema/public.graphql', import.meta.url), 'utf8'),
    );
    const unknown = Object.keys(refusalsInPortuguese).filter((name) => !isObjectType(schema.getType(name)));
    expect(unknown).toEqual([]);
    const refusals = Object.values(schema.getTypeMap())
      .filter(isInterfaceType)
      .filter(({ name }) => name.endsWith('Error'))
      .flatMap((type) => schema.getPossibleTypes(type).map(({ name }) => name))
      // These name the field and the bounds, so that the platform's own words say more.
      .filter((name) => !name.startsWith('Invalid'));
    expect(refusals.filter((name) => refusalsInPortuguese[name] === undefined)).toEqual([]);
  });
});
