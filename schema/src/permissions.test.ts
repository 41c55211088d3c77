import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { composeSubgraphs } from './composition.ts';
import { lintMergedPermissions } from './merged-permissions.ts';
import { lintPermissions } from './permissions.ts';
import type { Subgraph } from './subgraphs.ts';
import { header, permissions } from './testing/schema-tree.ts';

function subgraph(name: string, sdl: string): Subgraph {
  return { name, file: `${name}.graphql`, document: parse(header + sdl) };
}
const lint = (sdl: string) =>
  lintPermissions({ subgraph: subgraph('notes', sdl), permissions }).map(({ problem }) => problem);

describe('permissions of a schema', () => {
  it('are accepted on the field, on its type, and as the public mark', () => {
    const sdl = `
      type Query { a: Int @authenticated b: Int @policy(policies: [["public"]]) c: Int @requiresScopes(scopes: [["email"]]) }
      type Note @key(fields: "id") @policy(policies: [["note:read", "author:read"], ["note:write"]]) { id: ID! }
      type Plain { id: ID @authenticated name: String! @policy(policies: [["public"]]) }
      type Subscription { noted: Note! @authenticated }`;
    expect(lint(sdl)).toEqual([]);
  });

  it('leave a place for null, so that a denied field costs only itself', () => {
    expect(
      lint('type Note @authenticated { id: ID! text: String! @policy(policies: [["note:read"]]) }'),
    ).toEqual([expect.stringMatching(/^Note\.text carries a permission of its own and can't be null/)]);
  });

  it('are asked of every field of an object', () => {
    const sdl =
      'type Query { notes: [Note] } type Note { id: ID @authenticated text: String } extend type Note { more: Int }';
    expect(lint(sdl)).toEqual([
      expect.stringMatching(/^Query\.notes says nothing/),
      expect.stringMatching(/^Note\.text says nothing/),
      expect.stringMatching(/^Note\.more says nothing/),
    ]);
  });

  it('are asked of an entity itself, because it is entered by reference', () => {
    const marked = lint('type Note @key(fields: "id") { id: ID @authenticated }');
    expect(marked).toEqual([expect.stringMatching(/^The entity Note carries no permission/)]);
  });

  it('name what can be granted', () => {
    expect(
      lint(
        'type Query { a: Int @policy(policies: [["note:raed"]]) b: Int @policy(policies: [["note:raed"]]) }',
      ),
    ).toEqual(['Query.a takes "note:raed", which nobody can be granted.']);
  });

  it('stand only where they are enforced', () => {
    const sdl = 'enum Colour @authenticated { RED } type Query { a: Colour @authenticated }';
    expect(lint(sdl)).toEqual([expect.stringMatching(/^The mark on Colour protects nothing/)]);
  });

  it('are written as lists of lists', () => {
    expect(lint('type Query { a: Int @policy(policies: "note:read") }')).toEqual([
      expect.stringContaining('policies'),
    ]);
  });
});

describe('permissions of several subgraphs together', () => {
  const notes = subgraph(
    'notes',
    'type Query { note: Note @authenticated } type Note @key(fields: "id") @authenticated { id: ID! text: String }',
  );
  const compose = (...subgraphs: Subgraph[]) => {
    const composed = composeSubgraphs(subgraphs);
    if ('findings' in composed) throw new Error(JSON.stringify(composed.findings));
    return lintMergedPermissions(subgraphs, composed.composition.supergraph);
  };

  it('do not lock viewers out of what another subgraph shows them', () => {
    const authors = subgraph(
      'authors',
      'type Note @key(fields: "id") @policy(policies: [["author:read"]]) { id: ID! author: String }',
    );
    expect(compose(notes, authors)).toEqual([
      {
        where: 'notes.graphql',
        problem: expect.stringMatching(
          /^Note\.text takes a signed-in viewer here, but .*author:read.* once composed\.$/,
        ),
        remedy: expect.stringContaining('Note'),
      },
    ]);
  });

  it('may be as strict as the strictest on a field that they share', () => {
    const authors = subgraph(
      'authors',
      'type Note @key(fields: "id") @authenticated { id: ID! @policy(policies: [["author:read"]]) }',
    );
    expect(compose(notes, authors)).toEqual([]);
  });
});
