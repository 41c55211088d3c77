import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isGroupLeft, isSameProcess, processIdentity } from './identity.ts';
import { openOwnership } from './ownership.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const ignoringSigterm = "process.on('SIGTERM', () => 0); setInterval(() => 0, 1000); console.log('up')";
const obedient = "setInterval(() => 0, 1000); console.log('up')";

async function running(script: string) {
  const child = spawn(process.execPath, ['-e', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  return { child, pid, identity: processIdentity(pid) ?? '' };
}
const namesIn = (folder: string) =>
  (JSON.parse(readFileSync(join(folder, 'processes.json'), 'utf8')) as { name: string }[]).map(
    ({ name }) => name,
  );

describe('what a starter left running', () => {
  it('is ended by the next, last started first, also what does not listen', async () => {
    const folder = temporaryFolder();
    const [first, second] = [await running(obedient), await running(ignoringSigterm)];
    const ownership = openOwnership(folder);
    ownership.add({ name: 'first', pid: first.pid, command: 'node' });
    ownership.add({ name: 'second', pid: second.pid, command: 'node' });
    expect(namesIn(folder)).toEqual(['first', 'second']);

    const next = openOwnership(folder);
    expect(await next.endSurvivors({ graceMs: 50 })).toEqual(['second', 'first']);
    for (const { pid, identity } of [first, second]) expect(isSameProcess(pid, identity)).toBe(false);
    expect([next.list(), namesIn(folder)]).toEqual([[], []]);
  });

  it('includes the children of a leader that has died', async () => {
    const folder = temporaryFolder();
    const leader = await running(
      "require('node:child_process').spawn('sleep', ['60'], { stdio: 'ignore' }); console.log('up'); setInterval(() => 0, 1000)",
    );
    openOwnership(folder).add({ name: 'leader', pid: leader.pid, command: 'node' });
    leader.child.kill('SIGKILL');
    await once(leader.child, 'exit');
    expect(isGroupLeft(leader.pid, leader.identity)).toBe(true);
    expect(await openOwnership(folder).endSurvivors()).toEqual(['leader']);
    expect(isGroupLeft(leader.pid, leader.identity)).toBe(false);
  });

  it('is never a process that got the number later', async () => {
    const folder = temporaryFolder();
    const stranger = await running(obedient);
    const [boot, startTicks] = stranger.identity.split('/');
    const identity = `${boot}/${Number(startTicks) + 1}`;
    const owned = [{ name: 'gone', pid: stranger.pid, identity, command: 'mongod' }];
    writeFileSync(join(folder, 'processes.json'), JSON.stringify(owned));
    expect(await openOwnership(folder).endSurvivors()).toEqual([]);
    expect(isSameProcess(stranger.pid, stranger.identity)).toBe(true);
    stranger.child.kill('SIGKILL');
  });

  it('is forgotten when it ended by itself', async () => {
    const folder = temporaryFolder();
    const { child, pid } = await running(obedient);
    const ownership = openOwnership(folder);
    ownership.add({ name: 'one', pid, command: 'node' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    ownership.remove(pid);
    ownership.remove(pid);
    ownership.add({ name: 'one', pid, command: 'node' });
    expect([ownership.list(), namesIn(folder)]).toEqual([[], []]);
  });

  it('can’t be told from a damaged list, which is said', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'processes.json'), '[{"name":');
    expect(() => openOwnership(folder)).toThrow('processes.json is damaged');
  });
});
