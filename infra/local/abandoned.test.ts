import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { endAbandoned, noteRunning } from './abandoned.ts';
import { cacheDir } from './cache.ts';
import { isSameProcess, processIdentity } from './identity.ts';
import { takeLock } from './lock.ts';
import { openOwnership } from './ownership.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const environment = () => ({ XDG_CACHE_HOME: temporaryFolder() });
const noted = (env: ReturnType<typeof environment>) => readdirSync(join(cacheDir(env), 'running'));

async function survivor(dataDir: string) {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  openOwnership(dataDir).add({ name: 'sleeper', pid, command: 'sleep' });
  const identity = processIdentity(pid) ?? '';
  return { child, isAlive: () => isSameProcess(pid, identity) };
}

describe('folders with something running', () => {
  it('whose holder has died are cleaned up by any other start', async () => {
    const env = environment();
    const folder = temporaryFolder();
    noteRunning(folder, env);
    const { isAlive } = await survivor(folder);
    expect(await endAbandoned(env)).toEqual(['sleeper']);
    expect([isAlive(), noted(env)]).toEqual([false, []]);
    expect(readdirSync(folder)).toEqual(['processes.json']);
  });

  it('whose holder lives are left alone', async () => {
    const env = environment();
    const folder = temporaryFolder();
    const strike = noteRunning(folder, env);
    const { child, isAlive } = await survivor(folder);
    const release = await takeLock(folder, 'x');
    expect(await endAbandoned(env)).toEqual([]);
    expect([isAlive(), noted(env)]).toEqual([true, [expect.stringMatching(/\.json$/)]]);
    release();
    strike();
    expect(noted(env)).toEqual([]);
    child.kill();
  });

  it('that are gone, damaged or not ours to write are no reason to refuse a start', async () => {
    const env = environment();
    expect(await endAbandoned(env)).toEqual([]);
    const [gone, damaged] = [temporaryFolder(), temporaryFolder()];
    noteRunning(gone, env);
    rmSync(gone, { recursive: true });
    noteRunning(damaged, env);
    writeFileSync(join(damaged, 'processes.json'), '[');
    writeFileSync(join(cacheDir(env), 'running', 'cut-off.json'), '');
    const file = join(temporaryFolder(), 'data');
    writeFileSync(file, 'a file, so that no lock can be made in it');
    noteRunning(file, env);
    expect(await endAbandoned(env)).toEqual([]);
    expect(noted(env)).toHaveLength(1);
    mkdirSync(gone);
  });
});
