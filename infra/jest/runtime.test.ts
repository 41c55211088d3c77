import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runJest } from '../local/jest-run.ts';
import { temporaryFolder } from '../local/testing/temporary-folder.ts';
import { root } from '../local/testing/temporary-installation.ts';

/** A checkout with these files in its folder `gateway`, run by jest as ours is. */
async function run(given: { files: Readonly<Record<string, string>>; paths: string[] }) {
  const checkout = temporaryFolder();
  const files = Object.entries(given.files).map(([name, text]) => [join('gateway', name), text] as const);
  const jest = {
    testEnvironment: join(root, 'infra', 'jest', 'environment.mjs'),
    runtime: join(root, 'infra', 'jest', 'runtime.mjs'),
    extensionsToTreatAsEsm: ['.ts'],
    transform: { '^.+\\.ts$': '@swc/jest' },
    coverageProvider: 'v8',
    collectCoverageFrom: ['gateway/**/*.ts', '!**/*.test.ts'],
    testTimeout: 2_000,
  };
  const config = JSON.stringify({ name: 'checkout', private: true, type: 'module', jest });
  for (const [path, text] of [...files, ['package.json', config] as const]) {
    mkdirSync(join(checkout, path, '..'), { recursive: true });
    writeFileSync(join(checkout, path), text);
  }
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  return runJest({
    ...{ root: checkout, folder: temporaryFolder(), paths: given.paths, env: process.env },
    ...{ signal: new AbortController().signal, words: 'ignore' },
  });
}
const imports = "import { afterAll, expect, it, jest } from '@jest/globals';\n";

describe('test files in one process', () => {
  it('share the code under test, have test code for themselves, and leave nothing changed', async () => {
    const file = `${imports}
import { loaded } from './product.ts';
import { asked } from './testing/server.ts';
it('finds a world of its own', () => {
  asked.push('');
  expect([asked.length, process.env.LEFT, Date.now() > 1e12]).toEqual([1, undefined, true]);
  process.env.LEFT = 'over';
  jest.useFakeTimers({ now: 0 });
});
it('finds ours loaded once for each process', () => expect(loaded[process.pid]).toBe(1));`;
    const { passed, failures } = await run({
      files: {
        'product.ts':
          'const loads: Record<number, number> = ((globalThis as { loads?: Record<number, number> }).loads ??= {});\n' +
          'loads[process.pid] = (loads[process.pid] ?? 0) + 1;\nexport const loaded = loads;\n',
        'testing/server.ts': `${imports}export const asked: string[] = [];\nafterAll(() => expect(asked).toHaveLength(1));`,
        ...Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`${name}.test.ts`, file])),
      },
      paths: ['gateway'],
    });
    expect([passed, failures]).toEqual([8, []]);
  });

  it('fail for themselves: by test, by hook, by what they import, by a time that runs out, by their process’ end', async () => {
    const { passed, failures } = await run({
      files: {
        'test.test.ts': `${imports}interface Gone {\n  line: number;\n}\nit('adds', () => expect(1).toBe(2));`,
        'hook.test.ts': `${imports}afterAll(() => { throw new Error('not put away'); });\nit('works', () => {});`,
        'import.test.ts': "import './missing.ts';",
        'late.test.ts': `${imports}it('waits', () => new Promise(() => {}), 50);`,
        'killed.test.ts': `${imports}it('dies', () => void process.kill(process.pid, 'SIGKILL'));`,
        'good.test.ts': `${imports}it('works', () => {});`,
      },
      paths: ['gateway'],
    });
    const details = Object.fromEntries(failures.map(({ name, detail }) => [name, detail]));
    expect(details).toEqual({
      // The line in TypeScript.
      'gateway/test.test.ts: adds': expect.stringMatching(/Expected: 2[\s\S]*gateway\/test\.test\.ts:5:/),
      'gateway/hook.test.ts': expect.stringContaining('not put away'),
      'gateway/import.test.ts': expect.stringContaining('missing.ts'),
      'gateway/late.test.ts: waits': expect.stringContaining('Exceeded timeout of 50 ms'),
      'gateway/killed.test.ts': expect.stringContaining('SIGKILL'),
    });
    expect(passed).toBe(2);
  });

  it('cover together what each of them covers in part, and not what nobody runs', async () => {
    const product =
      'export interface Given {\n  isHot: boolean;\n}\nexport function say({ isHot }: Given): string {\n' +
      "  if (isHot) {\n    return 'hot';\n  }\n  return 'cold';\n}\n";
    const test = (isHot: boolean) =>
      `${imports}import { say } from './product.ts';\nit('says it', () => expect(say({ isHot: ${isHot} })).toMatch(/hot|cold/));`;
    const files = { 'product.ts': product, 'hot.test.ts': test(true) };
    const half = await run({ files, paths: [] });
    expect([half.failures, half.coverage]).toEqual([[], { lines: 77.77, branches: 50 }]);
    const untested = product.replace('say', 'ask');
    const whole = await run({
      files: { ...files, 'cold.test.ts': test(false), 'untested.ts': untested },
      paths: [],
    });
    // All nine lines of one of two equal files.
    expect([whole.failures, whole.coverage?.lines]).toEqual([[], 50]);
  });
});
