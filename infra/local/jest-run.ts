// Runs jest and reads what came out.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';

export interface JestRun {
  passed: number;
  /** Failed tests, and files that could not be run at all. */
  failures: readonly { name: string; detail: string }[];
  /** Percent of our own code; undefined where coverage was not asked for. */
  coverage: { lines: number; branches: number } | undefined;
}

const report = z.object({
  numPassedTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});
/** Istanbul says "Unknown" where there was nothing to cover. */
const percent = z.object({ pct: z.union([z.number(), z.literal('Unknown').transform(() => 0)]) });
const summary = z.object({ total: z.object({ lines: percent, branches: percent }) });

/** A run that takes longer hangs. */
const deadlineMs = 75 * 60_000;

export async function runJest(given: {
  root: string;
  /** Folder for jest's report. */
  folder: string;
  /** Restrict to these paths; nothing means everything, with coverage. */
  paths: readonly string[];
  env: Record<string, string | undefined>;
  signal: AbortSignal;
  /** Where jest's words for people go. Default: standard error. */
  words?: 'inherit' | 'ignore';
}): Promise<JestRun> {
  const { root, folder, paths, env, signal, words = 'inherit' } = given;
  mkdirSync(folder, { recursive: true });
  const output = join(folder, 'jest.json');
  const coverageFile = join(root, 'coverage', 'coverage-summary.json');
  // What an earlier run wrote must not pass for this one's.
  for (const file of [output, coverageFile]) rmSync(file, { force: true });
  const hasCoverage = paths.length === 0;
  const coverage = hasCoverage
    ? ['--coverage', '--coverageReporters=json-summary', '--coverageReporters=text-summary']
    : ['--passWithNoTests=false'];
  const args = [
    ...['--no-warnings', '--experimental-vm-modules', join(root, 'node_modules', 'jest', 'bin', 'jest.js')],
    ...['--ci', '--maxWorkers=2', '--workerIdleMemoryLimit=1500MB', '--json', `--outputFile=${output}`],
    ...coverage,
    ...paths,
  ];
  // The report goes to the file; what jest tells people goes to standard error.
  const child = spawn(process.execPath, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', words],
    signal,
  });
  const timer = setTimeout(() => child.kill(), deadlineMs);
  const how = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signalName) => resolve(signalName ?? `code ${code}`));
  });
  clearTimeout(timer);
  if (!existsSync(output)) {
    return {
      passed: 0,
      failures: [{ name: 'jest', detail: `it ended (${how}) without a report` }],
      coverage: undefined,
    };
  }
  const { numPassedTests, testResults } = report.parse(JSON.parse(readFileSync(output, 'utf8')));
  const failures = testResults.flatMap((file) => failuresOf(file, relative(root, file.name)));
  if (how !== 'code 0' && failures.length === 0) {
    failures.push({
      name: 'jest',
      detail: `it ended with ${how} though no test failed; its output says why`,
    });
  }
  return { passed: numPassedTests, failures, coverage: hasCoverage ? readCoverage(coverageFile) : undefined };
}

function failuresOf(
  file: z.infer<typeof report>['testResults'][number],
  path: string,
): { name: string; detail: string }[] {
  const failed = file.assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0 && file.status === 'failed') return [{ name: path, detail: file.message }];
  return failed.map(({ fullName, failureMessages }) => ({
    name: `${path}: ${fullName}`,
    detail: (failureMessages ?? []).join('\n'),
  }));
}

function readCoverage(file: string): JestRun['coverage'] {
  // None written is none reached.
  if (!existsSync(file)) return { lines: 0, branches: 0 };
  const { total } = summary.parse(JSON.parse(readFileSync(file, 'utf8')));
  return { lines: total.lines.pct, branches: total.branches.pct };
}
