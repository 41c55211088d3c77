// Peers that are installed for the benchmark alone, into `.data/bench-peers`: nothing of ours depends on them.
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, runCommand } from '../../local/commands.ts';
import { root as checkout } from '../../local/private-platform.ts';
import type { Progress } from '../../local/progress.ts';
import type { Benchmark } from '../benchmark.ts';
import { Absent } from './contestant.ts';

/** Pinned, as the lock pins the packages. */
const routerVersion = '0.3.10';
const longestInstallMs = 10 * 60_000;
const longestBuildMs = 90 * 60_000;

export interface Peers {
  /** The checkout. */
  root: string;
  progress: Progress;
}

const folderOf = (root: string) => join(root, '.data', 'bench-peers');
const routerOf = (root: string) => join(folderOf(root), 'hive-router', 'bin', 'hive_router');

/** Brings all peers, which takes long for the one that has to be compiled. */
export const peers: Benchmark = {
  summary: 'installs and builds the peers of `gateway` into .data/bench-peers, and says which are there',
  isNamedOnly: true,
  async run({ progress }) {
    const given = { root: checkout, progress };
    const rows = [
      ['peer', 'is'],
      ['Hive Gateway', await inWords(demandNodePeers(given))],
      ['Hive Router (Rust)', await inWords(buildRouter(given))],
    ];
    return { rows, figures: Object.fromEntries(rows.slice(1)) };
  },
};

async function inWords(coming: Promise<unknown>): Promise<string> {
  try {
    await coming;
    return 'here';
  } catch (error) {
    if (error instanceof Absent) return error.message;
    throw error;
  }
}

/** Installs the peers on Node where they are not there as the lock says. @returns the folder. @throws Absent */
export async function demandNodePeers({ root, progress }: Peers): Promise<string> {
  const source = join(root, 'infra', 'bench', 'peers');
  const folder = folderOf(root);
  const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  const isInstalled = () =>
    existsSync(join(folder, 'node_modules', '.package-lock.json')) &&
    read(join(folder, 'package-lock.json')) === read(join(source, 'package-lock.json'));
  if (isInstalled()) return folder;
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(join(source, name), join(folder, name));
  // One package asks for a later Node.js than it needs, and `npm run` passes our own strictness on.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-engine-strict'];
  const result = await progress.task('peers (npm ci)', () =>
    runCommand('npm', args, { cwd: folder, env: process.env, timeoutMs: longestInstallMs }),
  );
  if (!result.ok) throw new Absent(`Peers on Node could not be installed:\n${result.tail}`);
  return folder;
}

/** Hive Router's program. @throws Absent where it has not been built. */
export function demandRouter(root: string): string {
  const program = routerOf(root);
  if (existsSync(program)) return program;
  throw new Absent(
    'Hive Router (Rust) is not here: `npm run bench -- peers` builds it (cargo, about 30 minutes of both cores).',
  );
}

/**
 * Builds Hive Router from crates.io, at low priority. Its dependencies ask for a compiler of 2026; where the usual one
 * is older, a nightly one may do.
 * @throws Absent
 */
export async function buildRouter({ root, progress }: Peers): Promise<void> {
  if (existsSync(routerOf(root))) return;
  const [cargo, nice] = ['cargo', 'nice'].map((name) => findProgram([name]));
  if (cargo === undefined)
    throw new Absent('Hive Router (Rust) takes cargo 1.97 or later: https://rustup.rs');
  const folder = folderOf(root);
  mkdirSync(folder, { recursive: true });
  // Its other page for browsers would be built by npm while this is compiled.
  const what = ['hive-router', '--version', routerVersion, '--locked', '--features', 'graphiql', '-j', '2'];
  const where = ['--root', join(folder, 'hive-router'), '--target-dir', join(folder, 'cargo-target')];
  const build = (toolchain: readonly string[]) => {
    const [file = cargo, ...args] = [
      ...(nice === undefined ? [] : [nice, '-n', '19']),
      ...[cargo, ...toolchain, 'install', ...what, ...where],
    ];
    return runCommand(file, args, { cwd: folder, env: process.env, timeoutMs: longestBuildMs });
  };
  const outcome = await progress.task(`Hive Router ${routerVersion}`, async () => {
    const usual = await build([]);
    return usual.ok ? usual : build(['+nightly']);
  });
  if (!outcome.ok) throw new Absent(`Hive Router (Rust) can't be built here:\n${outcome.tail}`);
}
