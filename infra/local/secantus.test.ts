import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { writeState } from './files.ts';
import { downloadMongod } from './mongod-download.ts';
import { silent } from './progress.ts';
import { installSecantus } from './secantus.ts';
import { writeProgram } from './testing/programs.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const isSupported = process.platform === 'linux' && process.arch === 'x64';
const cached = (cache: string) => join(cache, 'supergraph', 'secantusdb');

(isSupported ? describe : describe.skip)('the stand-in for MongoDB', () => {
  it('is taken from the cache when it was downloaded before', async () => {
    const cache = temporaryFolder();
    const file = writeProgram(
      join(cached(cache), '0.6.0b17', 'secantusdb.scripts', 'secantusd-rs'),
      'exit 0',
    );
    expect(await installSecantus({ env: { XDG_CACHE_HOME: cache, PATH: '' }, progress: silent })).toBe(file);
  });

  it('can’t be had without pip', async () => {
    const env = { XDG_CACHE_HOME: temporaryFolder(), PATH: temporaryFolder() };
    expect(await installSecantus({ env, progress: silent })).toBeUndefined();
  });

  it('is refused, and not kept, when what pip brings is not what was measured', async () => {
    const [cache, folder] = [temporaryFolder(), temporaryFolder()];
    writeProgram(
      join(folder, 'pip'),
      'while [ "$1" != --dest ]; do shift; done; echo tampered > "$2/secantusdb-0.6.0b17-cp311.whl"',
    );
    const env = { XDG_CACHE_HOME: cache, PATH: `${folder}:/usr/bin:/bin` };
    await expect(installSecantus({ env, progress: silent })).rejects.toThrow(
      /secantusdb 0\.6\.0b17 was downloaded with another hash than expected \([\da-f]{64}\), so it is not run/,
    );
    expect(readdirSync(cached(cache))).toEqual([]);
  });
});

describe('MongoDB’s own download', () => {
  it('is not tried again for a minute after it was refused', async () => {
    const cache = temporaryFolder();
    const refused = join(cache, 'supergraph', 'mongodb', 'refused.json');
    writeState(refused, { at: Date.now() });
    const env = { XDG_CACHE_HOME: cache };
    expect(await downloadMongod({ env, progress: silent })).toBeUndefined();
  });

  it('counts as refused where the network does not let it through', async () => {
    const cache = temporaryFolder();
    mkdirSync(join(cache, 'supergraph'), { recursive: true });
    const refused = join(cache, 'supergraph', 'mongodb', 'refused.json');
    // A proxy that nobody runs.
    const env = { XDG_CACHE_HOME: cache };
    const before = process.env.MONGOMS_DOWNLOAD_MIRROR;
    process.env.MONGOMS_DOWNLOAD_MIRROR = 'http://127.0.0.1:9';
    try {
      const withProxy = { ...env, HTTPS_PROXY: 'http://127.0.0.1:9' };
      expect(await downloadMongod({ env: withProxy, progress: silent })).toBeUndefined();
    } finally {
      if (before === undefined) delete process.env.MONGOMS_DOWNLOAD_MIRROR;
      else process.env.MONGOMS_DOWNLOAD_MIRROR = before;
    }
    expect(existsSync(refused)).toBe(true);
  });
});
