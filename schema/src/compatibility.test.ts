import { describe, expect, it } from '@jest/globals';
import { compareSchemas } from './compatibility.ts';

const directives = `
  directive @authenticated on FIELD_DEFINITION | OBJECT
  directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION | OBJECT
  directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION | OBJECT
`;
const released = `
  type Query @authenticated {
    note(id: ID!, colour: Colour @deprecated(reason: "Unused.")): Note
    old: Int @deprecated(reason: "Use note.")
    found: [Found!]
  }
  type Note @authenticated { text: String legacy: Legacy @deprecated(reason: "Gone.") }
  type Legacy @authenticated { a: Int }
  interface Found { id: ID }
  type Lost implements Found @authenticated { id: ID }
  enum Colour { RED BLUE @deprecated(reason: "Use RED.") }
  input Filter { text: String dull: Int @deprecated(reason: "Unused.") }
  type Mutation { write(filter: Filter): Int @policy(policies: [["note:write"]]) }
`;
const compare = async (...[from, to]: [string, string]) => {
  expect(released).toContain(from);
  const current = directives + released.replace(from, to);
  const { breaking, notes } = await compareSchemas({ released: directives + released, current });
  return {
    broken: breaking.map(({ where }) => where),
    remedies: breaking.map(({ remedy }) => remedy),
    notes,
  };
};

describe('compatibility with the released schema', () => {
  it.each([
    ['a new field', 'text: String', 'text: String title: String'],
    ['a new type', 'enum Colour', 'type New @authenticated { a: Int } enum Colour'],
    ['a new optional argument', 'note(id: ID!', 'note(id: ID!, by: String'],
    ['a new optional input field', 'input Filter {', 'input Filter { more: Int'],
    ['a field that is never null any more', 'text: String legacy', 'text: String! legacy'],
    ['a deprecation', 'text: String legacy', 'text: String @deprecated(reason: "Use title.") legacy'],
    ['a description', 'type Note', '"A note." type Note'],
    ['the end of a deprecated field', 'old: Int @deprecated(reason: "Use note.")', ''],
    ['the end of a deprecated argument', ', colour: Colour @deprecated(reason: "Unused.")', ''],
    ['the end of a deprecated value', 'BLUE @deprecated(reason: "Use RED.")', ''],
    ['the end of a deprecated input field', 'dull: Int @deprecated(reason: "Unused.")', ''],
    ['an alternative permission', '[["note:write"]]', '[["note:write"], ["note:admin"]]'],
    ['what was denied to some and is public now', '[["note:write"]]', '[["public"]]'],
  ])('allows %s', async (_what, from, to) => {
    expect((await compare(from, to)).broken).toEqual([]);
  });

  it('lets a type go with the deprecated field that returned it', async () => {
    const current = released
      .replace('legacy: Legacy @deprecated(reason: "Gone.")', '')
      .replace('type Legacy @authenticated { a: Int }', '');
    const result = await compareSchemas({ released: directives + released, current: directives + current });
    expect(result.breaking).toEqual([]);
    expect(result.notes).toEqual([expect.stringContaining('Legacy'), expect.stringContaining('legacy')]);
  });

  it.each([
    ['a field that is gone', 'text: String legacy', 'legacy', 'Note.text'],
    ['a field of another type', 'text: String legacy', 'text: Int legacy', 'Note.text'],
    ['a new required argument', 'note(id: ID!', 'note(id: ID!, by: String!', 'Query.note.by'],
    ['a new required input field', 'input Filter {', 'input Filter { more: Int!', 'Filter.more'],
    ['an enum value that is gone', 'RED BLUE', 'BLUE', 'Colour.RED'],
    [
      'a type behind an interface that is gone',
      'type Lost implements Found @authenticated { id: ID }',
      '',
      'Lost',
    ],
    ['another permission', '[["note:write"]]', '[["note:admin"]]', 'Mutation.write'],
    ['one permission more', '[["note:write"]]', '[["note:write", "note:admin"]]', 'Mutation.write'],
    [
      'a mark on a type',
      'type Legacy @authenticated',
      'type Legacy @authenticated @policy(policies: [["a:b"]])',
      'Legacy.a',
    ],
    [
      'a scope',
      'write(filter: Filter): Int',
      'write(filter: Filter): Int @requiresScopes(scopes: [["s"]])',
      'Mutation.write',
    ],
    ['a lost mark, which denies all', '@policy(policies: [["note:write"]])', '', 'Mutation.write'],
  ])('refuses %s', async (_what, from, to, where) => {
    const { broken, remedies } = await compare(from, to);
    expect(broken).toEqual([where]);
    for (const remedy of remedies) expect(remedy).toMatch(/\w/);
  });

  it('notes what a careful client survives', async () => {
    expect((await compare('RED BLUE', 'RED GREEN BLUE')).notes).toEqual([expect.stringContaining('GREEN')]);
    expect((await compare('old: Int @deprecated(reason: "Use note.")', '')).notes).toHaveLength(1);
  });
});
