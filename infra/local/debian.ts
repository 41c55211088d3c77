// Installs on Debian (and its children) as root, by apt.
import { findProgram, runCommand } from './commands.ts';
import type { Installation } from './installation.ts';
import { Problem } from './problem.ts';

const minutes = 60_000;
/** By the PATH on which apt was found. */
const listsUpdated = new Map<string | undefined, Promise<void>>();
let queue: Promise<unknown> = Promise.resolve();

/** Whether apt can be used here. */
export function canInstall({ env }: Pick<Installation, 'env'>): boolean {
  return process.getuid?.() === 0 && findProgram(['apt-get'], env.PATH) !== undefined;
}

/**
 * Installs packages, one call after the other (apt holds a lock).
 * The packages' own system services are kept from starting: ours run on their own ports.
 */
export function install(
  { env, progress }: Pick<Installation, 'env' | 'progress'>,
  packages: readonly string[],
): Promise<void> {
  const apt = async (timeoutMs: number, ...args: string[]) => {
    const options = ['-qq', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Use-Pty=0'];
    const result = await runCommand('apt-get', [...options, ...args], {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1', SYSTEMD_OFFLINE: '1' },
      timeoutMs,
    });
    if (!result.ok) {
      throw new Problem(
        `apt-get ${args.join(' ')} failed:\n${result.tail}\nInstall ${packages.join(', ')} by hand and start again.`,
      );
    }
  };
  const work = queue.then(() =>
    progress.task(`installing ${packages.join(', ')} (apt)`, async () => {
      const updated = listsUpdated.get(env.PATH) ?? apt(3 * minutes, 'update').catch(() => undefined);
      listsUpdated.set(env.PATH, updated);
      await updated;
      await apt(15 * minutes, 'install', '--yes', '--no-install-recommends', ...packages);
    }),
  );
  queue = work.catch(() => undefined);
  return work;
}
