import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { check, summaryOf, type Tally, tallyJest, test } from './checking.ts';
import { runJest } from './jest-run.ts';
import { takeLock } from './lock.ts';
import { Problem } from './problem.ts';
import { temporaryCheckout } from './testing/checkout.ts';
import { captureOutput } from './testing/output.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { isolatedEnv } from './testing/temporary-installation.ts';

const empty = (): Tally => ({ passed: 0, failures: [] });
const { MONGODB_URI, REDIS_URL, AMQP_URL } = process.env;

describe('counting', () => {
  it('takes a check as passed, or as failed with what to do', async () => {
    const tally = empty();
    expect(await check(tally, 'one', async () => 7)).toBe(7);
    expect(await check(tally, 'two', () => Promise.reject(new Problem('Do this.')))).toBeUndefined();
    expect(tally).toEqual({ passed: 1, failures: [{ name: 'two', detail: 'Do this.' }] });
  });

  it('takes coverage of 90 % and more as one check passed, and less as failed', () => {
    const tally = empty();
    tallyJest(tally, { passed: 3, failures: [], coverage: { lines: 90, branches: 99 } });
    tallyJest(tally, {
      passed: 1,
      failures: [{ name: 'a', detail: '' }],
      coverage: { lines: 99, branches: 89.9 },
    });
    tallyJest(tally, { passed: 1, failures: [], coverage: undefined });
    expect(tally.passed).toBe(6);
    expect(tally.failures.map(({ name }) => name)).toEqual(['a', 'coverage']);
    expect(tally.failures[1]?.detail).toContain('lines 99 %, branches 89.9 %; both must be 90 %');
  });

  it('ends with the counts, after each failure in short', () => {
    const detail = Array.from({ length: 30 }, (_, index) => `line ${index}`).join('\n');
    const lines = summaryOf({ passed: 12, failures: [{ name: 'types', detail }] }).split('\n');
    expect(lines.at(-1)).toBe('12 passed, 1 failed');
    expect(lines.slice(1, 3)).toEqual(['✗ types', '    line 0']);
    expect(lines.at(-2)).toBe('    … 5 lines more');
  });
});

/** A checkout with one test file of jest's own. */
function checkoutWith(tests: string): string {
  const root = temporaryCheckout();
  mkdirSync(join(root, 'gateway'));
  writeFileSync(join(root, 'gateway', 'sample.test.js'), tests);
  return root;
}
const twoTests =
  "it('adds', () => expect(1 + 1).toBe(2)); describe('it', () => it('fails', () => expect(1).toBe(2)));";
const jestOf = (root: string, paths: string[]) =>
  runJest({
    root,
    folder: temporaryFolder(),
    paths,
    env: process.env,
    signal: new AbortController().signal,
    words: 'ignore',
  });

describe('a run of jest', () => {
  it('is read test by test', async () => {
    const root = checkoutWith(`console.log(process.env.HOME); ${twoTests}`);
    const { passed, failures, coverage } = await jestOf(root, ['gateway']);
    expect([passed, coverage]).toEqual([1, undefined]);
    expect(failures).toEqual([
      { name: 'gateway/sample.test.js: it fails', detail: expect.stringContaining('Expected: 2') },
    ]);
  });

  it('counts a file that can’t be run as failed', async () => {
    const { failures } = await jestOf(checkoutWith("require('./missing')"), ['gateway']);
    expect(failures).toEqual([
      { name: 'gateway/sample.test.js', detail: expect.stringContaining('missing') },
    ]);
  });

  it('that found nothing, or could not begin, has failed', async () => {
    const root = checkoutWith(twoTests);
    expect((await jestOf(root, ['nowhere'])).failures).toHaveLength(1);
    const broken = await runJest({
      ...{ root: join(root, 'nowhere'), folder: temporaryFolder(), paths: [], env: process.env },
      signal: new AbortController().signal,
      words: 'ignore',
    });
    expect(broken.failures).toEqual([
      { name: 'jest', detail: expect.stringMatching(/^it ended \(.*\) without a report$/) },
    ]);
  });

  it('reaches what it says it covers, not what an earlier one said', async () => {
    const root = checkoutWith("it('adds', () => expect(1 + 1).toBe(2))");
    mkdirSync(join(root, 'coverage'));
    const full = { total: { lines: { pct: 100 }, branches: { pct: 100 } } };
    writeFileSync(join(root, 'coverage', 'coverage-summary.json'), JSON.stringify(full));
    const { passed, failures, coverage } = await jestOf(root, []);
    expect([passed, failures]).toEqual([1, []]);
    expect(Math.min(coverage?.lines ?? 0, coverage?.branches ?? 0)).toBeLessThan(100);
  });
});

describe('npm test', () => {
  const testing = (root: string, args: string[], signal = new AbortController().signal) => {
    const output = captureOutput();
    const env = {
      ...process.env,
      ...isolatedEnv(temporaryFolder()),
      MONGODB_URI,
      REDIS_URL,
      AMQP_URL,
      CHROMIUM_PATH: process.execPath,
    };
    return { output, code: test({ root, args, env, signal, output: output.stream, words: 'ignore' }) };
  };

  it('explains itself with --help', async () => {
    const { code, output } = testing('/nowhere', ['--help']);
    expect([await code, output.text()]).toEqual([
      0,
      expect.stringContaining('Its last line is: N passed, N failed'),
    ]);
  });

  it('runs a part of it, ends with the counts and 1 for a failure, and leaves nothing of dead runs', async () => {
    const root = checkoutWith(twoTests);
    const folder = (name: string) => join(root, '.data', name);
    for (const name of ['test-dead', 'test-young', 'test-running', 'mongodb'])
      mkdirSync(folder(name), { recursive: true });
    const release = await takeLock(folder('test-running'), 'npm test');
    for (const name of ['test-dead', 'test-running', 'mongodb']) utimesSync(folder(name), 1, 1);
    const { code, output } = testing(root, ['gateway']);
    expect(await code).toBe(1);
    // Backing services, the browser and one test passed.
    expect(output.text()).toMatch(/\n✗ gateway\/sample\.test\.js: it fails\n[\s\S]*\n3 passed, 1 failed\n$/);
    release();
    expect(readdirSync(join(root, '.data')).sort()).toEqual(['mongodb', 'test-running', 'test-young']);
  });

  it('runs every check without paths, and each that fails is one failure', async () => {
    const root = checkoutWith("it('adds', () => expect(1 + 1).toBe(2))");
    writeFileSync(join(root, 'tsconfig.json'), '{"include":["broken.ts"],"compilerOptions":{"noEmit":true}}');
    writeFileSync(join(root, 'broken.ts'), "export const count: number = 'many';\n");
    const { code, output } = testing(root, []);
    expect(await code).toBe(1);
    const text = output.text();
    expect(text).toMatch(/✗ types \(tsc\)\n.*broken\.ts.*TS2322/);
    expect(text).toMatch(/✗ coverage\n {4}lines/);
    expect(text).toMatch(/\n\d passed, \d failed\n$/);
    for (const client of ['explorer', 'console'])
      expect(existsSync(join(root, 'clients', client, 'dist', 'index.html'))).toBe(true);
  });

  it('that is told to stop is no success', async () => {
    const { code } = testing(checkoutWith(twoTests), ['gateway'], AbortSignal.abort(new Error('SIGINT')));
    await expect(code).rejects.toThrow('SIGINT');
  });
});
