import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { processIdentity } from './identity.ts';
import { holderOf, takeLock } from './lock.ts';
import { atTheEnd, temporaryFolder } from './testing/temporary-folder.ts';
import { root } from './testing/temporary-installation.ts';

/** Another starter: takes the lock, says how that went and stays. */
async function starter(dataDir: string): Promise<{ child: ChildProcess; said: string }> {
  const script = `
    const { takeLock } = await import(${JSON.stringify(join(import.meta.dirname, 'lock.ts'))});
    try { await takeLock(${JSON.stringify(dataDir)}, 'http://localhost:1'); console.log('taken'); }
    catch (error) { console.log(error.message); }
    setInterval(() => 0, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  atTheEnd(() => child.kill('SIGKILL'));
  const [said] = await once(createInterface(child.stdout), 'line');
  return { child, said: String(said) };
}

describe('the lock of a data folder', () => {
  it('is held by one starter; the second is told whose it is and how to end it', async () => {
    const folder = temporaryFolder();
    const first = await starter(folder);
    expect(first.said).toBe('taken');
    expect(holderOf(folder)).toMatchObject({ pid: first.child.pid, url: 'http://localhost:1' });
    await expect(takeLock(folder, 'http://localhost:2')).rejects.toThrow(
      `process ${first.child.pid}, http://localhost:1. Stop it first (Ctrl-C there, or kill ${first.child.pid})`,
    );
  });

  it('of a starter killed with -9 goes to one of those who want it', async () => {
    const folder = temporaryFolder();
    const dead = await starter(folder);
    dead.child.kill('SIGKILL');
    await once(dead.child, 'exit');
    expect(holderOf(folder)).toBeUndefined();
    const said = (await Promise.all([1, 2, 3].map(() => starter(folder)))).map((one) => one.said);
    expect(said.filter((text) => text === 'taken')).toHaveLength(1);
    expect(said.filter((text) => text.startsWith('It is running already'))).toHaveLength(2);
    expect(readdirSync(folder)).toEqual(['start.lock']);
  });

  it('is free again when it was given back', async () => {
    const folder = temporaryFolder();
    (await takeLock(folder, 'x'))();
    expect(existsSync(join(folder, 'start.lock'))).toBe(false);
    (await takeLock(folder, 'y'))();
  });

  it.each(['', '{"pid":'])('that was damaged to %p by a power failure is taken over', async (text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'start.lock'), text);
    const release = await takeLock(folder, 'x');
    expect(holderOf(folder)?.pid).toBe(process.pid);
    release();
  });

  it('of a process whose number another one has now is taken over', async () => {
    const folder = temporaryFolder();
    const identity = `${processIdentity(process.ppid)?.split('/')[0]}/1`;
    writeFileSync(join(folder, 'start.lock'), JSON.stringify({ pid: process.ppid, identity, url: 'x' }));
    const release = await takeLock(folder, 'y');
    expect(JSON.parse(readFileSync(join(folder, 'start.lock'), 'utf8'))).toMatchObject({ url: 'y' });
    release();
  });

  it('is taken over also where one died while it took it over, and waits for one who is about to', async () => {
    const folder = temporaryFolder();
    const lock = join(folder, 'start.lock');
    writeFileSync(lock, '');
    writeFileSync(`${lock}.turn`, '');
    (await takeLock(folder, 'x'))();
    writeFileSync(lock, '');
    const giveTurnBack = await takeTurn(folder);
    let taken = false;
    const taking = takeLock(folder, 'x').then((release) => {
      taken = true;
      return release;
    });
    await new Promise(setImmediate);
    expect(taken).toBe(false);
    giveTurnBack();
    (await taking)();
  });
});

/** Does as another starter that has its turn at the dead lock. */
async function takeTurn(folder: string): Promise<() => void> {
  const other = temporaryFolder();
  const release = await takeLock(other, '');
  const file = join(folder, 'start.lock.turn');
  writeFileSync(file, readFileSync(join(other, 'start.lock')));
  return () => {
    release();
    writeFileSync(file, '');
  };
}
