import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { composeSubgraphs } from './composition.ts';
import { lintMergedPermissions } from './merged-permissions.ts';
import { lintPermissions } from './permissions.ts';
import { lintResources } from './resource-permissions.ts';
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

describe('permissions of resources', () => {
  const lintResource = (sdl: string, granted = ['note:read', 'note:write']) =>
    lintResources({
      ...{ subgraphs: [subgraph('notes', sdl)], permissions: granted, askedElsewhere: ['note:write'] },
    }).map(({ problem }) => problem);
  const note = 'type Note @authenticated { id: ID! text: String }';
  const query = (mark: string) => `type Query { notes: NotePage ${mark} }
    type NotePage @authenticated { nodes: [Note!]! } ${note}`;

  it('are one to read each, on itself or on the way to it', () => {
    const read = '@policy(policies: [["note:read", "note:write"], ["note:write"]])';
    expect(lintResource(query(read))).toEqual([]);
    expect(lintResource(`type Query { notes: [Note] @authenticated } type Note ${read} { id: ID! }`)).toEqual(
      [],
    );
    const lacking = expect.stringMatching(/^Note has no permission to read it: .*"note:read"/);
    expect(lintResource(query('@authenticated'), [])).toEqual([lacking]);
    expect(lintResource(query(read), ['note:write'])).toEqual([lacking]);
    expect(lintResource(query('@policy(policies: [["note:write"]])'), ['note:write'])).toEqual([lacking]);
  });

  it('are named as its type is', () => {
    const sdl = 'type Query { seen: [DayNote] @authenticated } type DayNote @authenticated { id: ID! }';
    expect(lintResource(sdl, [])).toEqual([expect.stringContaining('"day-note:read"')]);
  });

  it('may stand in another subgraph than the reference to it', () => {
    const authors = subgraph(
      'authors',
      'type Author @authenticated { note: Note } type Note @key(fields: "id") @authenticated { id: ID! }',
    );
    const notes = subgraph('notes', query('@policy(policies: [["note:read"]])'));
    const of = (...subgraphs: Subgraph[]) =>
      lintResources({ subgraphs, permissions: ['note:read'], askedElsewhere: ['note:read'] });
    expect(of(authors)).toHaveLength(1);
    expect(of(authors, notes)).toEqual([]);
  });

  it('are one more where mutations change it', () => {
    const changing = (mark: string) => `${query('@policy(policies: [["note:read"]])')}
      type Mutation { write: WritePayload ${mark} delete: DeletePayload ${mark} }
      type WritePayload @authenticated { note: Note } type DeletePayload @authenticated { deletedNoteId: ID }`;
    expect(lintResource(changing('@policy(policies: [["note:write"]])'))).toEqual([]);
    for (const mark of ['@authenticated', '@policy(policies: [["note:read"]])'])
      expect(lintResource(changing(mark))).toEqual([
        'Whoever is signed in may change Note: by write, delete.',
      ]);
  });

  it('are not asked of who asks, nor of what is theirs alone, nor of what has no id', () => {
    const own = `type Query { viewer: Viewer @authenticated } type Viewer @authenticated { id: ID! notes: NotePage hue: Hue }
      type NotePage @authenticated { nodes: [Note!]! } type Hue @authenticated { red: Int }
      type Mutation { write: WritePayload @authenticated } type WritePayload @authenticated { note: Note } ${note}`;
    expect(lintResource(own, [])).toEqual([]);
    expect(
      lintResource(`${own} extend type Viewer { a: Int } type Tag @authenticated { note: Note }`, []),
    ).toHaveLength(2);
  });

  it('are asked for, all of them', () => {
    const sdl = query('@policy(policies: [["note:read"]])');
    expect(lintResource(sdl, ['note:read', 'note:write', 'note:burn'])).toEqual([
      '"note:burn" can be granted, and nothing asks for it.',
    ]);
  });
});
