import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { isGroupLeft, isSameProcess, processIdentity } from './identity.ts';

/** A process that lasts until it is killed. */
async function lasting(script = 'setInterval(() => 0, 1000)') {
  const child = spawn(process.execPath, ['-e', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child, 'spawn');
  if (child.pid === undefined) throw new Error('no process');
  return { child, pid: child.pid };
}

describe('the identity of a process', () => {
  it('stays for its life and ends with it', async () => {
    const { child, pid } = await lasting();
    const identity = processIdentity(pid);
    expect(identity).toBeDefined();
    expect(processIdentity(pid)).toBe(identity);
    expect(isSameProcess(pid, identity ?? '')).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(processIdentity(pid)).toBeUndefined();
    expect(isSameProcess(pid, identity ?? '')).toBe(false);
  });

  it('is not that of another process with the same number', () => {
    const [boot, startTicks] = (processIdentity(process.pid) ?? '').split('/');
    expect(isSameProcess(process.pid, `${boot}/${Number(startTicks) - 1}`)).toBe(false);
    expect(isSameProcess(process.pid, `another-boot/${startTicks}`)).toBe(false);
  });
});

describe('a process group', () => {
  it('is left while a member outlives its leader, and its number is nobody else’s', async () => {
    const fork =
      "const c = require('node:child_process').spawn('sleep', ['60']); console.log(c.pid); setInterval(() => 0, 1000)";
    const { child, pid } = await lasting(fork);
    const [line] = await once(child.stdout, 'data');
    const identity = processIdentity(pid) ?? '';
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isSameProcess(pid, identity)).toBe(false);
    expect(isGroupLeft(pid, identity)).toBe(true);
    expect(isGroupLeft(pid, identity.replace(/^[^/]+/, 'another-boot'))).toBe(false);
    process.kill(Number(String(line)), 'SIGKILL');
  });
});
