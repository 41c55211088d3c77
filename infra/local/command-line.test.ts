// The commands as people call them: processes of their own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { root } from './testing/temporary-installation.ts';

function run(args: readonly string[]) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...output }));
  return { child, output, ended };
}
const npmRun = (...args: string[]) => run([join(root, 'infra', 'local', 'run.mjs'), ...args]).ended;

/** A command made of a script, run as every command is. */
function command(body: string) {
  const file = join(temporaryFolder(), 'command.mts');
  const module = JSON.stringify(join(import.meta.dirname, 'command-line.ts'));
  const problem = JSON.stringify(join(import.meta.dirname, 'problem.ts'));
  writeFileSync(
    file,
    `import { runCommandLine } from ${module}; import { Problem } from ${problem};
     await runCommandLine(async ({ args, signal, output }) => { ${body} });`,
  );
  return run(['--import', 'tsx', file]);
}
const untilTold =
  "output.write('up\\n'); setInterval(() => 0, 1000); await new Promise((r) => signal.addEventListener('abort', r));";

describe('npm run', () => {
  it('without a command, or with one that is not there, lists what there is', async () => {
    const [nothing, wrong, help] = await Promise.all([npmRun(), npmRun('strat'), npmRun('--help')]);
    expect([nothing.code, wrong.code, help.code]).toEqual([1, 1, 0]);
    expect(wrong.stderr).toMatch(/^There is no command "strat"\. Commands:\n {2}npm run start/);
    expect([nothing.stdout, wrong.stdout]).toEqual(['', '']);
  });

  it('start -- --help explains it and starts nothing', async () => {
    const { code, stdout } = await npmRun('start', '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^npm start \[-- --fresh\][\s\S]*PUBLIC_PORT +8080[\s\S]*PUBLIC_TLS_PORT +PUBLIC_PORT \+ 363/,
    );
  });

  it('with a mistyped option says so without a stack', async () => {
    const { code, stderr } = await npmRun('start', '--frehs');
    expect([code, stderr.trim()]).toEqual([1, "Unknown option '--frehs'.\nSee --help."]);
  });
});

/** npm start of an installed checkout whose starter only says its process number. */
function idleStarter() {
  const checkout = temporaryFolder();
  const local = join(checkout, 'infra', 'local');
  const modules = join(checkout, 'node_modules');
  for (const folder of [local, modules]) mkdirSync(folder, { recursive: true });
  symlinkSync(join(root, 'node_modules', 'tsx'), join(modules, 'tsx'));
  for (const lock of [join(checkout, 'package-lock.json'), join(modules, '.package-lock.json')])
    writeFileSync(lock, '{"packages":{}}');
  // Not a link: run.mjs finds its checkout by where it lies.
  copyFileSync(join(root, 'infra', 'local', 'run.mjs'), join(local, 'run.mjs'));
  writeFileSync(join(local, 'start.ts'), 'console.log(process.pid); setInterval(() => 0, 1000);');
  return run([join(local, 'run.mjs'), 'start']);
}

describe('npm start, of a starter that ends by a signal', () => {
  it('says who was killed and what cleans up', async () => {
    const { output, ended } = idleStarter();
    await eventually(() => output.stdout.endsWith('\n'));
    const pid = Number(output.stdout);
    process.kill(pid, 'SIGKILL');
    const { code, stderr } = await ended;
    expect([code, stderr.trim()]).toEqual([
      137,
      `infra/local/start.ts (process ${pid}) was killed (SIGKILL) and could not stop what it had started. The next npm start ends what is left.`,
    ]);
  });

  it('of the user’s, before it listens to signals, is quiet', async () => {
    const { child, output, ended } = idleStarter();
    await eventually(() => output.stdout.endsWith('\n'));
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stderr: '' });
  });
});

describe('a command', () => {
  it('ends with its own code', async () => {
    expect((await command('return 3').ended).code).toBe(3);
  });

  it('explains what people can put right, and ends with 1', async () => {
    const { code, stdout, stderr } = await command("throw new Problem('Do this.')").ended;
    expect([code, stdout, stderr.trim()]).toEqual([1, '', 'Do this.']);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('that %s interrupts is no success', async (signal, code) => {
    const { child, output, ended } = command(`${untilTold} signal.throwIfAborted()`);
    await eventually(() => output.stdout !== '');
    child.kill(signal);
    expect(await ended).toMatchObject({ code, stderr: '' });
  });

  it('may end well when it is told to stop', async () => {
    const { child, output, ended } = command(`${untilTold} return 0`);
    await eventually(() => output.stdout !== '');
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
  });

  it('that does not stop leaves when it is told again, and takes along what it started', async () => {
    const dataDir = temporaryFolder();
    const module = (name: string) => JSON.stringify(join(import.meta.dirname, name));
    const { child, output, ended } = command(`
      const { ownProgram } = await import(${module('program.ts')});
      const { openOwnership } = await import(${module('ownership.ts')});
      const dataDir = ${JSON.stringify(dataDir)};
      const program = ownProgram({ name: 'sleeper', dataDir, ownership: openOwnership(dataDir), restart: 'never', probe: async () => 0,
        launch: () => ({ file: 'sleep', args: ['60'], env: process.env, cwd: dataDir, tie: 'none' }) });
      await program.start();
      output.write(program.pid + '\\n');
      await new Promise(() => 0);`);
    await eventually(() => output.stdout.endsWith('\n'));
    const pid = Number(output.stdout);
    expect(existsSync(`/proc/${pid}`)).toBe(process.platform === 'linux');
    // Twice within a second is one Ctrl-C, by the terminal and by run.mjs; later it is a second wish.
    const again = setInterval(() => child.kill('SIGINT'), 100);
    expect((await ended).code).toBe(130);
    clearInterval(again);
    await eventually(() => {
      try {
        return !process.kill(pid, 0);
      } catch {
        return true;
      }
    });
  });
});
