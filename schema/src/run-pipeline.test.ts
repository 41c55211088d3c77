import { afterEach, describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import {
  notes,
  noteWritten,
  type SchemaTree,
  type SchemaTreeOptions,
  schemaTree,
} from './testing/schema-tree.ts';

let open: SchemaTree[] = [];
afterEach(() => {
  for (const tree of open) tree.dispose();
  open = [];
});
function newTree(options?: SchemaTreeOptions): SchemaTree {
  const tree = schemaTree(options);
  open.push(tree);
  return tree;
}

const authors = /* GraphQL */ `
"Something that somebody wrote."
type Note @key(fields: "id") @authenticated {
  "The note's id."
  id: ID!
  "Who wrote it."
  author: Author @policy(policies: [["author:read"]])
}

"Somebody who writes notes."
type Author @key(fields: "id") @policy(policies: [["author:read"]]) {
  "The author's id."
  id: ID!
}
`;

describe('the schema pipeline', () => {
  it('writes the supergraph, the public schema and all types, and the same again writes nothing', async () => {
    const tree = newTree({
      subgraphs: { notes, authors },
      events: { 'notes.note.written.v1': noteWritten() },
      parentTypes: { notes: { Note: './notes/model.ts#NoteRow' } },
    });
    const first = await tree.run();
    expect(first.findings).toEqual([]);
    expect(first.subgraphs).toEqual(['authors', 'notes']);
    expect([...first.written].sort()).toEqual([
      'schema/public.graphql',
      'schema/supergraph.graphql',
      'subgraphs/authors/src/schema.generated.ts',
      'subgraphs/chassis/src/event-data.generated.ts',
      'subgraphs/notes/src/schema.generated.ts',
    ]);
    expect(tree.read('schema/supergraph.graphql')).toContain('@join__type(graph: NOTES');
    const types = tree.read('subgraphs/notes/src/schema.generated.ts');
    expect(types).toContain("import type { NoteRow } from './notes/model.ts';");
    expect(types).toContain('Note: ResolverTypeWrapper<NoteRow>;');
    expect(types).not.toMatch(/^(export )?enum /m);
    expect((await tree.run()).written).toEqual([]);
  });

  it('shows clients what they can ask for and what it takes, and nothing of how it is joined', async () => {
    const tree = newTree({ subgraphs: { notes, authors } });
    await tree.run();
    const text = tree.read('schema/public.graphql');
    expect(Object.keys(buildSchema(text).getQueryType()?.getFields() ?? {})).toEqual(['notes']);
    expect(text).toMatch(/author: Author @policy\(policies: \[\["author:read"]]\)/);
    expect(text).not.toMatch(/join__|@key|@link/);
  });

  it('leaves out of the public schema what is inaccessible', async () => {
    const hidden = notes.replace('text: String', 'text: String @federation__inaccessible');
    const tree = newTree({ subgraphs: { notes: hidden } });
    expect((await tree.run()).findings).toEqual([]);
    expect(tree.read('schema/public.graphql')).not.toContain('text');
    expect(tree.read('schema/supergraph.graphql')).toContain('text');
  });

  it('says where an SDL breaks off, and says nothing of the subgraphs that can be read', async () => {
    const tree = newTree({ subgraphs: { authors, notes: `${notes}\ntype {` } });
    const { findings, written } = await tree.run();
    expect(findings).toMatchObject([{ where: 'subgraphs/notes/schema.graphql:19:6' }]);
    expect(written).toEqual([]);
  });

  it('reports subgraphs that do not compose by the lines that disagree', async () => {
    const other = authors.replace('"Who wrote it."', '"What it says."\n  text: Int\n  "Who wrote it."');
    const tree = newTree({ subgraphs: { notes, authors: other } });
    const { findings, written } = await tree.run();
    expect(findings.map(({ problem }) => problem)).toEqual([
      expect.stringMatching(/Note\.text.*\(FIELD_TYPE_MISMATCH\)/s),
      expect.stringMatching(/Note\.text.*\(INVALID_FIELD_SHARING\)/s),
    ]);
    expect(findings[0]?.where).toBe('subgraphs/authors/schema.graphql:11, subgraphs/notes/schema.graphql:16');
    expect(written).toEqual([]);
  });

  it('types the operations of clients, and refuses a schema that one of them no longer fits', async () => {
    const tree = newTree();
    const operation = 'clients/desk/src/notes/notes.graphql';
    tree.write(operation, 'query Notes { notes(first: 2) { id text } }');
    expect((await tree.run()).written).toContain('clients/desk/src/notes/notes.generated.ts');
    expect(tree.read('clients/desk/src/notes/notes.generated.ts')).toMatch(
      /NotesQuery = .*id: string, text: string \| null/,
    );
    tree.write(operation, 'query Notes { notes(first: 2) { id title } }');
    const { findings, written } = await tree.run();
    expect(findings).toMatchObject([{ where: operation, problem: expect.stringMatching(/"title"/) }]);
    expect(written).toEqual([]);
    tree.write(operation, 'query Notes {');
    expect((await tree.run()).findings).toMatchObject([{ where: operation }]);
  });

  it('refuses a table of parents that names what is not there', async () => {
    const tree = newTree({
      parentTypes: { notes: { Notte: './notes/model.ts#NoteRow' }, gone: { Note: './x.ts#X' } },
    });
    const { findings } = await tree.run();
    expect(findings.map(({ where, problem }) => `${where}: ${problem}`)).toEqual([
      'codegen.ts: notes has no type Notte.',
      'codegen.ts: gone has no type Note.',
    ]);
  });
});

describe('a check of the pipeline', () => {
  it('passes when all is as generated, and changes nothing', async () => {
    const tree = newTree();
    await tree.run();
    expect(await tree.run('check')).toMatchObject({ findings: [], written: [] });
  });

  it.each([
    'schema/supergraph.graphql',
    'schema/public.graphql',
    'subgraphs/notes/src/schema.generated.ts',
    'subgraphs/chassis/src/event-data.generated.ts',
  ])('fails when %s was edited by hand, names it, and leaves it', async (file) => {
    const tree = newTree();
    await tree.run();
    const edited = `${tree.read(file)}\n`;
    tree.write(file, edited);
    const { findings } = await tree.run('check');
    expect(findings).toMatchObject([{ where: file, remedy: 'Run: npm run schema' }]);
    expect(tree.read(file)).toBe(edited);
  });

  it('fails when an SDL changed and nothing was generated since', async () => {
    const tree = newTree();
    await tree.run();
    tree.writeSubgraph('notes', notes.replace('All notes.', 'Every note.'));
    const { findings } = await tree.run('check');
    expect(findings.map(({ where }) => where)).toContain('schema/public.graphql');
  });
});

describe('a released schema', () => {
  const additive = notes.replace('"What it says."', '"Its title."\n  title: String\n  "What it says."');
  const breaking = notes.replace('text: String', 'body: String');

  it('may grow', async () => {
    const tree = newTree();
    await tree.run('release');
    tree.writeSubgraph('notes', additive);
    expect((await tree.run()).findings).toEqual([]);
    expect(tree.read('schema/released.graphql')).not.toContain('title');
    expect((await tree.run('release')).written).toContain('schema/released.graphql');
    expect(tree.read('schema/released.graphql')).toContain('title');
  });

  it.each(['write', 'check', 'release'] as const)('may not break its clients: %s', async (mode) => {
    const tree = newTree();
    await tree.run('release');
    const before = tree.read('schema/public.graphql');
    tree.writeSubgraph('notes', breaking);
    const { findings, written } = await tree.run(mode);
    expect(findings).toMatchObject([
      {
        where: 'Note.text',
        problem: expect.stringContaining('removed'),
        remedy: expect.stringContaining('@deprecated'),
      },
    ]);
    expect(written).toEqual([]);
    expect(tree.read('schema/public.graphql')).toBe(before);
  });

  it('breaks them only when told to, and says what broke', async () => {
    const tree = newTree();
    await tree.run('release');
    tree.writeSubgraph('notes', breaking);
    const { findings, notes: said } = await tree.run('break');
    expect(findings).toEqual([]);
    expect(said).toEqual([expect.stringContaining('Note.text')]);
    expect((await tree.run('check')).findings).toEqual([]);
  });

  it('keeps the shape of its events', async () => {
    const type = 'notes.note.written.v1';
    const file = `schema/events/${type}.schema.json`;
    const title = { type: 'string', description: 'Its title.' };
    const noteId = { type: 'string', description: 'Its id.' };
    const shape = { required: ['noteId', 'title'], properties: { noteId, title } };
    const tree = newTree({
      events: { [type]: noteWritten({ ...shape, examples: [{ noteId: 'a', title: 'b' }] }) },
    });
    await tree.run('release');
    const documentedAnew = {
      description: 'A note was written.',
      required: ['title', 'noteId'],
      properties: { title: { ...title, description: 'The title.' }, noteId },
      examples: [{ noteId: 'c', title: 'd' }],
    };
    tree.write(file, JSON.stringify(noteWritten(documentedAnew)));
    expect((await tree.run()).findings).toEqual([]);

    const longer = { ...shape, properties: { noteId, title: { ...title, maxLength: 9 } } };
    tree.write(file, JSON.stringify(noteWritten({ ...longer, examples: [{ noteId: 'a', title: 'b' }] })));
    expect((await tree.run()).findings).toMatchObject([
      { where: file, remedy: expect.stringContaining('notes.note.written.v2') },
    ]);
  });
});
