import { afterAll, describe, expect, it } from '@jest/globals';
import { main } from './pipeline.ts';
import { header, schemaTree } from './testing/schema-tree.ts';

const tree = schemaTree();
afterAll(() => tree.dispose());

async function run(...args: string[]) {
  let said = '';
  const code = await main(args, { root: tree.root, parentTypes: {}, print: (text) => (said += text) });
  return { code, said };
}

describe('npm run schema', () => {
  it('explains itself', async () => {
    expect(await run('--help')).toEqual({ code: 0, said: expect.stringContaining('--release') });
  });

  it.each([['--chekc'], ['--accept-breaking'], ['--check', '--release'], ['something']])(
    'does nothing when it is asked what it does not understand: %s %s',
    async (...args) => {
      const { code, said } = await run(...args);
      expect(code).toBe(1);
      expect(said).toMatch(/^Not understood: .*\n\nnpm run schema/);
    },
  );

  it('says which problem lies where and what to do, then how many there are', async () => {
    tree.write(
      'subgraphs/notes/schema.graphql',
      `${header}type Query { "A." a: Int b: Int @authenticated }\n`,
    );
    expect(await run()).toEqual({
      code: 1,
      said: expect.stringMatching(
        /^subgraphs\/notes\/schema\.graphql:5\n {2}Query\.b has no description\.\n {2}→ .*\n\n[\s\S]*Query\.a says[\s\S]*\nRefused \(notes\): 2 problems\. No file was changed\.\n$/,
      ),
    });
  });

  it('says what it wrote, what it checked, what it released', async () => {
    tree.write(
      'subgraphs/notes/schema.graphql',
      `${header}type Query { "A." a: Int @policy(policies: [["tenant:read"]]) }\n`,
    );
    expect((await run()).said).toMatch(/Composed notes: wrote .*schema\/public\.graphql/);
    expect((await run()).said).toMatch(/all files are up to date\.\n$/);
    expect((await run('--check')).said).toMatch(/nothing to report/);
    expect(await run('--release')).toEqual({
      code: 0,
      said: expect.stringContaining('Commit schema/released.graphql'),
    });
    tree.write('subgraphs/notes/schema.graphql', `${header}type Query { "B." b: Int @authenticated }\n`);
    expect((await run('--release')).code).toBe(1);
    expect(await run('--release', '--accept-breaking')).toEqual({
      code: 0,
      said: expect.stringContaining('note: Query.a'),
    });
  });
});
