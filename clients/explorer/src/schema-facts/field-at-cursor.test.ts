import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { fieldAtCursor } from './field-at-cursor.ts';

const schema = buildSchema(/* GraphQL */ `
  type Query { tenant(slug: String): Tenant pet: Pet }
  type Tenant { name: String services(first: Int): [Service] }
  type Service { name: String }
  interface Pet { name: String }
  type Cat implements Pet { name: String lives: Int }
`);

/** The field at `|`. */
function at(marked: string): string | undefined {
  const before = marked.slice(0, marked.indexOf('|')).split('\n');
  const cursor = { lineNumber: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  return fieldAtCursor(schema, marked.replace('|', ''), cursor)?.coordinate;
}

describe('the field at the cursor', () => {
  it('is the one whose name it is in', () => {
    expect(at('{ ten|ant { name } }')).toBe('Query.tenant');
    expect(at('{\n  tenant {\n    services { na|me }\n  }\n}')).toBe('Service.name');
  });

  it('is the one whose arguments or alias it is in', () => {
    expect(at('{ tenant { services(first: 2|0) { name } } }')).toBe('Tenant.services');
    expect(at('{ it|s: tenant { name } }')).toBe('Query.tenant');
  });

  it('is that of the type that a fragment is on', () => {
    expect(at('{ pet { ... on Cat { liv|es } } }')).toBe('Cat.lives');
    expect(at('fragment F on Tenant { na|me }')).toBe('Tenant.name');
  });

  it('is the one whose braces it is in, also at the end of a line and in an empty one', () => {
    expect(at('{\n  tenant {|\n    name\n  }\n}')).toBe('Query.tenant');
    expect(at('{\n  tenant {\n    \n|\n    name\n  }\n}')).toBe('Query.tenant');
    expect(at('{\n  tenant {\n    name  |\n  }\n}')).toBe('Tenant.name');
  });

  it('is known while the operation is half written', () =>
    expect(at('{ tenant { services(first: 20) { na|me')).toBe('Service.name'));

  it('is none outside of fields, for unknown ones and for __typename', () => {
    expect(at('que|ry Q { tenant { name } }')).toBeUndefined();
    expect(at('{ not|hing }')).toBeUndefined();
    expect(at('{ tenant { __type|name } }')).toBeUndefined();
  });
});
