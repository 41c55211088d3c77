import { afterEach, describe, expect, it } from '@jest/globals';
import { type SchemaTree, schemaTree } from './testing/schema-tree.ts';

let tree: SchemaTree | undefined;
afterEach(() => tree?.dispose());

const file = 'schema/proto/notes/v1/reader.proto';
const reader = `syntax = "proto3";

package notes.v1;

// Reads notes.
service Reader {
  // One note.
  rpc ReadNote(ReadNoteRequest) returns (ReadNoteResponse);
}

// Which note.
message ReadNoteRequest {
  // Its id.
  string note_id = 1;
}

// What it says.
message ReadNoteResponse {
  // Its text.
  string text = 1;
}
`;
const rules = 'version: v2\nlint:\n  use: [STANDARD, COMMENTS]\n  except: [SERVICE_SUFFIX]\n';

function newTree(text = reader): SchemaTree {
  tree?.dispose();
  tree = schemaTree();
  tree.write('schema/proto/buf.yaml', rules);
  tree.write(file, text);
  return tree;
}

describe('a protobuf file', () => {
  it('becomes types, a client and what a server is made of', async () => {
    const { run, read } = newTree();
    expect((await run()).findings).toEqual([]);
    const types = read('subgraphs/chassis/src/proto/notes/v1/reader.generated.ts');
    expect(types).toContain('export interface ReadNoteRequest {\n  /** Its id. */\n  noteId: string;');
    expect(types).toContain('export const ReaderClient');
    expect(types).toContain('export interface ReaderServer');
    expect(await run('check')).toMatchObject({ findings: [], written: [] });
  });

  it('is stale when it changed and nothing was made of it since', async () => {
    const { run, write } = newTree();
    await run();
    write(file, reader.replace('Its text.', 'All of its text.'));
    expect((await run('check')).findings).toMatchObject([
      { where: 'subgraphs/chassis/src/proto/notes/v1/reader.generated.ts', remedy: 'Run: npm run schema' },
    ]);
  });

  it.each([
    ['a field in camel case', ['note_id', 'noteId'], 'FIELD_LOWER_SNAKE_CASE'],
    ['a field without a comment', ['  // Its id.\n', ''], 'COMMENT_FIELD'],
    ['a package without a version', ['package notes.v1', 'package notes'], 'PACKAGE_VERSION_SUFFIX'],
    [
      'a request that others use too',
      ['(ReadNoteResponse)', '(ReadNoteRequest)'],
      'RPC_RESPONSE_STANDARD_NAME',
    ],
  ] as const)('is refused with %s', async (_, [from, to], rule) => {
    const { findings } = await newTree(reader.replaceAll(from, to)).run();
    expect(findings).toContainEqual(
      expect.objectContaining({
        where: expect.stringContaining(file),
        problem: expect.stringContaining(rule),
      }),
    );
  });

  it('is refused where it cannot be read', async () => {
    const { findings } = await newTree(reader.replace('message', 'massage')).run();
    expect(findings[0]?.where).toContain(`${file}:8:16`);
  });
});

describe('a released protobuf file', () => {
  it('may get more', async () => {
    const { run, write } = newTree();
    await run('release');
    write(
      file,
      reader.replace('string text = 1;', 'string text = 1;\n  // Who wrote it.\n  string author_id = 2;'),
    );
    expect((await run()).findings).toEqual([]);
  });

  it.each([
    ['another type', ['string note_id', 'int64 note_id']],
    ['another number', ['note_id = 1', 'note_id = 2']],
    ['nothing at all', ['  // Its text.\n  string text = 1;\n', '']],
  ] as const)(
    'keeps what it has: %s is refused, unless all users are known to agree',
    async (_, [from, to]) => {
      const { run, write } = newTree();
      await run('release');
      write(file, reader.replace(from, to));
      expect((await run()).findings).toMatchObject([{ where: expect.stringContaining(file) }]);
      expect((await run('break')).findings).toEqual([]);
      expect((await run()).findings).toEqual([]);
    },
  );
});
