import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { freePort } from '@supergraph/chassis/testing/free-port';
import { isGroupLeft, processIdentity } from './identity.ts';
import { demandOk } from './nginx.ts';
import { openOwnership } from './ownership.ts';
import { type Launch, logTail, ownProgram, type ProgramOptions } from './program.ts';
import { atTheEnd, temporaryFolder } from './testing/temporary-folder.ts';
import { root } from './testing/temporary-installation.ts';

const serving =
  "require('node:http').createServer((q, r) => r.end()).listen(process.env.PORT, '127.0.0.1', () => console.log('serving'));";

/** A node program of ours, made of a script. */
async function nodeProgram(script: string, options: Partial<ProgramOptions & Launch> = {}) {
  const dataDir = options.dataDir ?? temporaryFolder();
  const PORT = String(await freePort());
  const told: string[] = [];
  let launches = 0;
  const ownership = openOwnership(dataDir);
  const program = ownProgram({
    name: 'sample',
    dataDir,
    ownership,
    restart: 'never',
    probe: () => demandOk(`http://127.0.0.1:${PORT}/`),
    tell: (text) => told.push(text),
    launch: () => {
      launches += 1;
      const { args = ['-e', script], cwd = dataDir, tie = 'none' } = options;
      return { file: process.execPath, args, env: { PORT }, cwd, tie };
    },
    ...options,
  });
  atTheEnd(() => program.kill());
  return { program, told, ownership, dataDir, launches: () => launches };
}

describe('a program of ours', () => {
  it('is owned and logged from its start, ready when start returns, and gone when stop does', async () => {
    const { program, ownership, launches } = await nodeProgram(serving);
    expect(program.pid).toBeUndefined();
    await program.start();
    await program.start();
    expect(launches()).toBe(1);
    expect(ownership.list()).toMatchObject([{ name: 'sample', pid: program.pid }]);
    expect(readFileSync(program.logFile, 'utf8')).toBe('serving\n');
    expect(statSync(program.logFile).mode & 0o777).toBe(0o600);
    await program.stop();
    expect([program.pid, ownership.list()]).toEqual([undefined, []]);
    await program.start();
    expect(launches()).toBe(2);
    await program.kill();
    await program.stop();
    expect(program.pid).toBeUndefined();
  });

  it('that does not listen is killed after its grace, with its children', async () => {
    const script = `process.on('SIGTERM', () => 0); require('node:child_process').spawn('sleep', ['60']); ${serving}`;
    const { program } = await nodeProgram(script, { graceMs: 50 });
    await program.start();
    const pid = program.pid ?? 0;
    const identity = processIdentity(pid) ?? '';
    await program.stop();
    await eventually(() => !isGroupLeft(pid, identity));
  });

  it('that ends while it starts is reported with the end of its log', async () => {
    const { program, ownership } = await nodeProgram("console.log('cannot open the data'); process.exit(3)");
    await expect(program.start()).rejects.toThrow(
      `sample ended while it started. Its log, ${program.logFile}, ends with:\n  cannot open the data`,
    );
    expect(ownership.list()).toEqual([]);
  });

  it('that ends while it starts does not show what an earlier run logged', async () => {
    const { program } = await nodeProgram("console.log('cannot open the data'); process.exit(3)");
    await expect(program.start()).rejects.toThrow('ends with:\n  cannot open the data');
    await expect(program.start()).rejects.toThrow(/ends with:\n {2}cannot open the data$/);
  });

  it('that does not become ready in time is ended and reported', async () => {
    const { program } = await nodeProgram('setInterval(() => 0, 1000)', { startDeadlineMs: 100 });
    await expect(program.start()).rejects.toThrow(/^sample did not become ready \(.*fetch failed\)/);
    expect(program.pid).toBeUndefined();
  });

  it('that is not there is named', async () => {
    const dataDir = temporaryFolder();
    const file = join(dataDir, 'no-such-program');
    const launch = () => ({ file, args: [], env: {}, cwd: dataDir, tie: 'none' as const });
    const { program } = await nodeProgram('', { launch, dataDir });
    await expect(program.start()).rejects.toThrow(
      `could not be started: ${file} (or its folder) is not there`,
    );
    writeFileSync(file, 'no program', { mode: 0o644 });
    await expect(program.start()).rejects.toThrow('EACCES');
  });

  it('that is stopped while it starts does not come up', async () => {
    const { program, launches } = await nodeProgram('setInterval(() => 0, 1000)');
    const starting = program.start();
    await eventually(() => program.pid !== undefined);
    await program.stop();
    await starting;
    expect([program.pid, launches()]).toEqual([undefined, 1]);
  });

  it.each(['stdin', 'ipc'] as const)('tied by %s notices the end of its starter', async (tie) => {
    const dataDir = temporaryFolder();
    const noticed = join(dataDir, 'noticed');
    const watch = { stdin: "process.stdin.resume().on('end', end)", ipc: "process.on('disconnect', end)" }[
      tie
    ];
    const end = `const end = () => { require('node:fs').writeFileSync(${JSON.stringify(noticed)}, ''); process.exit() };`;
    const file = join(dataDir, 'starter.mts');
    writeFileSync(
      file,
      starterScript({ dataDir: join(dataDir, 'inner'), child: `${end} ${watch}; ${serving}`, tie }),
    );
    const { program } = await nodeProgram('', { args: ['--import', 'tsx', file], cwd: root, dataDir });
    await program.start();
    expect(openOwnership(join(dataDir, 'inner')).list()).toMatchObject([{ name: 'tied' }]);
    process.kill(program.pid ?? 0, 'SIGKILL');
    await eventually(() => existsSync(noticed));
  });
});

/** A starter, a process of its own, that starts one program by this module and lives on. */
function starterScript(inner: { dataDir: string; child: string; tie: Launch['tie'] }): string {
  const module = (name: string) => JSON.stringify(join(import.meta.dirname, name));
  return `
    import { ownProgram } from ${module('program.ts')};
    import { openOwnership } from ${module('ownership.ts')};
    const { dataDir, child, tie } = ${JSON.stringify(inner)};
    await ownProgram({
      name: 'tied', dataDir, ownership: openOwnership(dataDir), restart: 'never',
      probe: () => fetch('http://127.0.0.1:' + process.env.PORT),
      launch: () => ({ file: process.execPath, args: ['-e', child], env: process.env, cwd: dataDir, tie }),
    }).start();
    setInterval(() => 0, 1000);`;
}

describe('a crash', () => {
  it('is reported and stays where nothing is to be done about it', async () => {
    const { program, told } = await nodeProgram(serving);
    await program.start();
    process.kill(program.pid ?? 0, 'SIGKILL');
    await eventually(() => told.length === 1);
    expect(told).toEqual([`sample ended (SIGKILL). Log: ${program.logFile}`]);
    expect(program.pid).toBeUndefined();
  });

  it('is followed by a restart, with twice the delay every time in a row', async () => {
    const { program, told } = await nodeProgram(serving, { restart: { delayMs: 40 } });
    await program.start();
    const crash = async () => {
      const before = told.length;
      const began = performance.now();
      process.kill(program.pid ?? 0, 'SIGKILL');
      await eventually(() => told.length === before + 2 && program.pid !== undefined);
      return performance.now() - began;
    };
    expect(await crash()).toBeGreaterThan(40);
    expect(await crash()).toBeGreaterThan(80);
    expect(await crash()).toBeGreaterThan(160);
    expect(told[1]).toBe(`sample is back (process ${/\d+/.exec(told[1] ?? '')?.[0]}).`);
    expect(told[0]).toMatch(/^sample ended \(SIGKILL\); it starts again in 0 s\. Log: /);
  });

  it('while it starts again is one more in a row, and a stop ends the trying', async () => {
    const dataDir = temporaryFolder();
    const broken = join(dataDir, 'broken');
    const script = `if (require('node:fs').existsSync(${JSON.stringify(broken)})) { console.log('broken'); process.exit(1) } ${serving}`;
    const { program, told, launches } = await nodeProgram(script, { dataDir, restart: { delayMs: 10 } });
    await program.start();
    writeFileSync(broken, '');
    process.kill(program.pid ?? 0, 'SIGKILL');
    await eventually(() => launches() >= 3);
    await program.stop();
    const at = launches();
    expect(told.some((text) => text.startsWith('sample ended while it started'))).toBe(true);
    expect(told.some((text) => text.startsWith('sample ended (it could not be started)'))).toBe(true);
    await program.stop();
    expect(launches() - at).toBeLessThanOrEqual(1);
    expect(program.pid).toBeUndefined();
  });
});

describe('a log', () => {
  it('makes room when it has grown large', async () => {
    const { program } = await nodeProgram(serving);
    await program.start();
    await program.stop();
    writeFileSync(program.logFile, 'x'.repeat(5_000_001));
    await program.start();
    await program.stop();
    expect(readFileSync(program.logFile, 'utf8')).toBe('serving\n');
    expect(statSync(`${program.logFile}.1`).size).toBe(5_000_001);
  });

  it('is shown by its last lines', () => {
    const file = join(temporaryFolder(), 'a.log');
    expect(logTail(file)).toBe('  (nothing)');
    writeFileSync(file, 'one\ntwo\nthree\n');
    expect(logTail(file, { lines: 2 })).toBe('  two\n  three');
    expect(logTail(file, { from: 'one\ntwo\n'.length })).toBe('  three');
    expect(logTail(file, { from: 'one\ntwo\nthree\n'.length })).toBe('  (nothing)');
  });
});
