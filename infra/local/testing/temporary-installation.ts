// For tests only: an installation of one's own, with its own list of abandoned folders; only downloads are shared.
import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cacheDir } from '../cache.ts';
import { type Installation, openInstallation } from '../installation.ts';
import { silent } from '../progress.ts';
import { atTheEnd, temporaryFolder } from './temporary-folder.ts';

export const root = resolve(import.meta.dirname, '..', '..', '..');

/** The environment of a starter whose user has nothing running; the folder holds its cache. */
export function isolatedEnv(folder: string): Record<string, string | undefined> {
  const cache = mkdtempSync(join(folder, 'cache-'));
  for (const name of ['mongodb', 'secantusdb']) {
    const shared = join(cacheDir(process.env), name);
    mkdirSync(shared, { recursive: true });
    mkdirSync(join(cache, 'supergraph'), { recursive: true });
    symlinkSync(shared, join(cache, 'supergraph', name));
  }
  const { PATH, HOME, LANG } = process.env;
  return { PATH, HOME, LANG, XDG_CACHE_HOME: cache };
}

/** Opens an installation in a temporary folder and gives it back when the test file is done. */
export async function temporaryInstallation(options: Partial<Installation> = {}): Promise<Installation> {
  const folder = temporaryFolder();
  const [installation, release] = await openInstallation({
    root,
    dataDir: join(folder, 'data'),
    env: isolatedEnv(folder),
    progress: silent,
    restart: 'never',
    backing: 'own',
    url: () => 'a test',
    ...options,
  });
  atTheEnd(release);
  return { ...installation, ...options };
}
