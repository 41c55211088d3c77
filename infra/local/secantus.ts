// secantusd-rs, a MongoDB wire server that stands in where mongod can't be downloaded (closed networks, CI).
// A beta under GPL-2.0: run as a separate process in development, never shipped.
import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDir } from './cache.ts';
import { findProgram, runCommand } from './commands.ts';
import { canInstall, install } from './debian.ts';
import type { Installation } from './installation.ts';
import { Problem } from './problem.ts';

const release = {
  version: '0.6.0b17',
  sha256: 'fe8ccfd1295c872c92a4c4c13c5a6a1dead88b2ff3b9aafb361406ec8aac4d14',
};
const minutes = 60_000;

/** The executable's path, from the cache or downloaded by pip; undefined where neither can be had. */
export async function installSecantus(
  installation: Pick<Installation, 'env' | 'progress'>,
): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = join(cacheDir(installation.env), 'secantusdb', release.version);
  const executable = join(folder, 'secantusdb.scripts', 'secantusd-rs');
  if (existsSync(executable)) return executable;
  return installation.progress.task(`downloading secantusdb ${release.version}`, async () => {
    // Unpacked aside and renamed when whole: two starts at once don't see each other's halves.
    const aside = `${folder}.${randomUUID()}`;
    mkdirSync(aside, { recursive: true });
    try {
      const wheel = await downloadWheel(installation, aside);
      if (wheel === undefined || !(await unpack(installation, { wheel, folder: aside }))) return undefined;
      rmSync(wheel);
      chmodSync(join(aside, 'secantusdb.scripts', 'secantusd-rs'), 0o755);
      mkdirSync(dirname(folder), { recursive: true });
      try {
        renameSync(aside, folder);
      } catch (error) {
        if (!existsSync(executable)) throw error; // else another start was faster
      }
      return executable;
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  });
}

async function downloadWheel(
  installation: Pick<Installation, 'env' | 'progress'>,
  folder: string,
): Promise<string | undefined> {
  const { env } = installation;
  // Named platform and Python: the executable needs neither, so any pip may fetch it.
  const pipArgs = ['download', '--quiet', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];
  const target = [
    '--python-version',
    '3.11',
    '--platform',
    'manylinux_2_28_x86_64',
    '--implementation',
    'cp',
  ];
  const request = [...pipArgs, ...target, '--dest', folder, `secantusdb==${release.version}`];
  const attempt = async () => {
    for (const [program, ...first] of [['pip'], ['pip3'], ['python3', '-m', 'pip']]) {
      const file = findProgram([program ?? ''], env.PATH);
      if (file === undefined) continue;
      const { ok } = await runCommand(file, [...first, ...request], { env, timeoutMs: 5 * minutes });
      const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
      if (ok && wheel !== undefined) return join(folder, wheel);
    }
    return undefined;
  };
  const wheel = (await attempt()) ?? (await afterInstalling(installation, 'python3-pip', attempt));
  if (wheel === undefined) return undefined;
  const found = createHash('sha256').update(readFileSync(wheel)).digest('hex');
  if (found !== release.sha256)
    throw new Problem(
      `secantusdb ${release.version} was downloaded with another hash than expected (${found}), so it is not run. Install MongoDB, or set MONGODB_URI.`,
    );
  return wheel;
}

async function unpack(
  installation: Pick<Installation, 'env' | 'progress'>,
  { wheel, folder }: { wheel: string; folder: string },
): Promise<boolean> {
  const { env } = installation;
  const options = { env, cwd: folder, timeoutMs: 2 * minutes };
  const parts = ['secantusdb.scripts/*', 'secantusdb.libs/*'];
  if ((await runCommand('unzip', ['-q', '-o', wheel, ...parts], options)).ok) return true;
  return (await runCommand('python3', ['-m', 'zipfile', '-e', wheel, folder], options)).ok;
}

async function afterInstalling<T>(
  installation: Pick<Installation, 'env' | 'progress'>,
  debianPackage: string,
  attempt: () => Promise<T>,
): Promise<T | undefined> {
  if (!canInstall(installation) || findProgram(['pip', 'pip3'], installation.env.PATH) !== undefined)
    return undefined;
  await install(installation, [debianPackage]);
  return attempt();
}
