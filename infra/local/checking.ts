// npm test: everything, on its own backing services and data, beside a running npm start.
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endAbandoned } from './abandoned.ts';
import type { BackingService } from './backing-service.ts';
import { resolveChromium } from './chromium.ts';
import { buildClient, clients } from './client-build.ts';
import type { CommandContext } from './command-line.ts';
import { runCommand } from './commands.ts';
import { removeContainers, removeContainersOf } from './docker-compose.ts';
import { type Installation, openInstallation } from './installation.ts';
import { type JestRun, runJest } from './jest-run.ts';
import { holderOf } from './lock.ts';
import { mongodb } from './mongodb.ts';
import { explain } from './problem.ts';
import { type Progress, showProgress } from './progress.ts';
import { managementUrl, rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { composeSchema } from './schema-pipeline.ts';

const help = `npm test [-- PATH...]

Runs every check: format, types, schema, the clients' builds, jest with coverage, on its own ports and data, beside a
running npm start. Its last line is: N passed, N failed. With paths it runs only jest on those, without the coverage gate.

Environment: MONGODB_URI, REDIS_URL, AMQP_URL, CHROMIUM_PATH to use your own.
`;

/** Of our own code, in percent. */
const neededCoverage = 90;

export interface TestOptions extends CommandContext {
  root: string;
  /** Where jest's words for people go. Default: standard error. */
  words?: 'inherit' | 'ignore';
}

/** What was checked, in order; a name alone has passed. */
export interface Tally {
  passed: number;
  failures: { name: string; detail: string }[];
}

/** @returns the exit code. */
export async function test({ root, args, env, signal, output, words }: TestOptions): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.help === true) {
    output.write(help);
    return 0;
  }
  const progress = showProgress(output, env);
  const tally: Tally = { passed: 0, failures: [] };
  const data = join(root, '.data');
  const dataDir = join(data, `test-${randomBytes(4).toString('hex')}`);
  const url = () => 'npm test';
  const [installation, release] = await openInstallation({
    root,
    dataDir,
    env,
    progress,
    restart: 'never',
    backing: 'any',
    url,
  });
  // Only now: what dead runs left running was found by their folders, and has been ended.
  await removeLeftovers(data, env);
  const services: BackingService[] = [];
  const stopServices = async () => void (await Promise.allSettled(services.map((service) => service.stop())));
  signal.addEventListener('abort', stopServices, { once: true });
  try {
    if (positionals.length === 0) await staticChecks({ root, env, progress, tally });
    signal.throwIfAborted();
    const urls = await check(tally, 'backing services', () => startServices(installation, services));
    const chromium = await check(tally, 'Chromium', () => resolveChromium(installation));
    signal.throwIfAborted();
    if (urls !== undefined) {
      const jestEnv = { ...env, ...urls, CHROMIUM_PATH: chromium, NODE_ENV: 'test' };
      const run = await runJest({ root, folder: dataDir, paths: positionals, env: jestEnv, signal, words });
      tallyJest(tally, run);
    }
    signal.throwIfAborted();
  } finally {
    await stopServices();
    await removeContainers(installation);
    release();
    rmSync(dataDir, { recursive: true, force: true });
    // Platforms of end-to-end tests that were ended in the middle.
    await endAbandoned(env);
  }
  output.write(`${summaryOf(tally)}\n`);
  return tally.failures.length === 0 ? 0 : 1;
}

async function staticChecks(given: {
  root: string;
  env: TestOptions['env'];
  progress: Progress;
  tally: Tally;
}): Promise<void> {
  const { root, env, progress, tally } = given;
  const program = (name: string, ...command: string[]) =>
    check(tally, name, () =>
      progress.task(name, async () => {
        const [file = '', ...rest] = command;
        const result = await runCommand(join(root, 'node_modules', '.bin', file), rest, {
          cwd: root,
          env,
          timeoutMs: 300_000,
        });
        if (!result.ok) throw new Error(result.tail);
      }),
    );
  await program('format and lint (biome ci)', 'biome', 'ci', '--colors=off', '.');
  await program('types (tsc)', 'tsc', '--noEmit');
  await check(tally, 'schema', () =>
    progress.task('schema (composition, lint, compatibility, generated files)', () =>
      composeSchema(root, ['--check']),
    ),
  );
  for (const client of clients) {
    await check(tally, client, () =>
      progress.task(`${client} (build)`, () => buildClient(root, client, env)),
    );
  }
}

/** Runs one check and counts it. @returns its result; undefined when it failed. */
export async function check<T>(tally: Tally, name: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    const result = await work();
    tally.passed += 1;
    return result;
  } catch (error) {
    tally.failures.push({ name, detail: explain(error) });
    return undefined;
  }
}

async function startServices(
  installation: Installation,
  services: BackingService[],
): Promise<Record<string, string>> {
  const start = async (find: (installation: Installation) => Promise<BackingService>, title: string) => {
    const service = await find(installation);
    services.push(service);
    await installation.progress.task(title, () => service.start());
    return service.url;
  };
  const outcomes = await Promise.allSettled([
    start(mongodb, 'MongoDB'),
    start(redis, 'Redis'),
    start(rabbitmq, 'RabbitMQ'),
  ]);
  const [MONGODB_URI = '', REDIS_URL = '', AMQP_URL = ''] = outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
  const management = await managementUrl(installation, AMQP_URL);
  return {
    ...{ MONGODB_URI, REDIS_URL, AMQP_URL },
    ...(management === undefined ? {} : { RABBITMQ_MANAGEMENT_URL: management }),
  };
}

/** Counts jest's tests, and the coverage gate as one check where it applies. */
export function tallyJest(tally: Tally, { passed, failures, coverage }: JestRun): void {
  tally.passed += passed;
  tally.failures.push(...failures);
  if (coverage === undefined) return;
  const { lines, branches } = coverage;
  if (Math.min(lines, branches) >= neededCoverage) tally.passed += 1;
  else {
    const detail = `lines ${lines} %, branches ${branches} %; both must be ${neededCoverage} % or more (coverage/coverage-summary.json)`;
    tally.failures.push({ name: 'coverage', detail });
  }
}

/** The failures, shortened, and as the very last line the counts. */
export function summaryOf({ passed, failures }: Tally): string {
  const blocks = failures.map(({ name, detail }) => {
    const lines = detail.trim().split('\n');
    const shown = lines.slice(0, 25).map((line) => `    ${line.slice(0, 300)}`);
    return [
      `✗ ${name}`,
      ...shown,
      ...(lines.length > 25 ? [`    … ${lines.length - 25} lines more`] : []),
    ].join('\n');
  });
  return ['', ...blocks, `${passed} passed, ${failures.length} failed`].join('\n');
}

/** Folders of test runs that died. */
async function removeLeftovers(data: string, env: TestOptions['env']): Promise<void> {
  if (!existsSync(data)) return;
  for (const name of readdirSync(data).filter((entry) => entry.startsWith('test-'))) {
    const folder = join(data, name);
    // A folder so young may be of a run that is about to take its lock.
    const isYoung = Date.now() - statSync(folder).mtimeMs < 60_000;
    if (isYoung || holderOf(folder) !== undefined) continue;
    await removeContainersOf(folder, env);
    rmSync(folder, { recursive: true, force: true });
  }
}
