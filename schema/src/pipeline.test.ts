import { afterAll, describe, expect, it } from '@jest/globals';
import { testEnvironment } from '@supergraph/chassis/testing';
import { permissions } from '../../subgraphs/arthemiz/src/roles/rules.ts';
import { main } from './pipeline.ts';
import { header, schemaTree } from './testing/schema-tree.ts';

const tree = schemaTree();
afterAll(() => tree.dispose());

const run = (...args: string[]) => runIn({}, ...args);

async function runIn(env: Record<string, string>, ...args: string[]) {
  let said = '';
  const print = (text: string) => (said += text);
  const options = { root: tree.root, parentTypes: {}, permissionsAskedElsewhere: permissions };
  const code = await main(args, { ...options, env, print });
  return { code, said };
}

describe('npm run schema', () => {
  it('explains itself', async () => {
    expect(await run('--help')).toEqual({ code: 0, said: expect.stringContaining('--release') });
  });

  it.each([
    ['--chekc'],
    ['--accept-breaking'],
    ['--check', '--release'],
    ['--check', '--publish'],
    ['--rollback', '1', '--publish'],
    ['--note', 'why'],
    ['something'],
  ])('does nothing when it is asked what it does not understand: %s %s', async (...args) => {
    const { code, said } = await run(...args);
    expect(code).toBe(1);
    expect(said).toMatch(/^Not understood: .*\n\nnpm run schema/);
  });

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

  it('publishes what lies in the repository for all gateways, and goes back', async () => {
    const environment = await testEnvironment({ service: 'gateway' });
    const { MONGODB_URI = '', NAMESPACE = '' } = environment.env;
    const publish = (...args: string[]) => runIn({ SUPERGRAPH_MONGODB_URI: MONGODB_URI, NAMESPACE }, ...args);
    try {
      tree.write(
        'subgraphs/notes/schema.graphql',
        `${header}type Query { "B." b: Int @authenticated "C." c: Int @authenticated }\n`,
      );
      expect(await publish('--publish')).toEqual({ code: 1, said: expect.stringContaining('It is stale') });
      await run();
      expect(await publish('--publish', '--note', 'first')).toEqual({
        code: 0,
        said: expect.stringMatching(/up to date\.\npublished version 1: notes\n$/),
      });
      const urls = JSON.stringify({ notes: 'http://notes.test/graphql' });
      expect((await publish('--publish', '--urls', urls)).said).toMatch(/\npublished version 2: notes\n$/);
      expect(await publish('--rollback', '1')).toEqual({ code: 0, said: 'published version 3, as 1 was\n' });
      const published = (await publish('--published')).said.trimEnd().split('\n');
      expect(published.map((line) => JSON.parse(line))).toMatchObject([
        { _id: 3, copyOf: 1 },
        { _id: 2, note: '' },
        { _id: 1, note: 'first' },
      ]);
    } finally {
      await environment.dispose();
    }
  });

  it('says which variable is missing that tells where to publish', async () => {
    expect(await runIn({}, '--published')).toEqual({
      code: 1,
      said: expect.stringMatching(/SUPERGRAPH_MONGODB_URI: is required/),
    });
  });
});
