import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findProgram, runCommand } from './commands.ts';
import { demandProgram } from './programs.ts';
import { silent } from './progress.ts';
import { writeProgram } from './testing/programs.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { temporaryInstallation } from './testing/temporary-installation.ts';

const options = { env: process.env, timeoutMs: 10_000 };

describe('running a command', () => {
  it('gives its output, and both outputs’ end for a message', async () => {
    const result = await runCommand('sh', ['-c', 'echo out; echo err >&2; exit 3'], options);
    expect(result).toMatchObject({ ok: false, stdout: 'out\n' });
    expect(result.tail).toMatch(/^(out\nerr|err\nout)$/);
    expect(await runCommand('sh', ['-c', 'echo out'], options)).toMatchObject({ ok: true, tail: 'out' });
  });

  it('that is missing or takes too long has failed, and is no exception', async () => {
    expect((await runCommand('/no/such/program', [], options)).tail).toContain('ENOENT');
    const slow = await runCommand('sleep', ['60'], { env: process.env, timeoutMs: 20 });
    expect(slow).toMatchObject({ ok: false, tail: 'sleep was ended by SIGKILL' });
  });
});

describe('finding a program', () => {
  it('searches names on PATH and looks at absolute paths, in order', () => {
    const folder = temporaryFolder();
    const file = writeProgram(join(folder, 'tool'), 'exit 0');
    expect(findProgram(['missing', 'tool'], `/nowhere:${folder}`)).toBe(file);
    expect(findProgram([file], '')).toBe(file);
    expect(findProgram(['missing'], folder)).toBeUndefined();
    expect(findProgram(['bin'], '/usr')).toBeUndefined();
  });
});

describe('the program of a backing service', () => {
  const source = {
    title: 'Redis',
    names: ['no-such-redis'],
    debianPackage: 'redis-server',
    advice: 'Install it, or set REDIS_URL.',
  };

  it('that is missing is named, with what to do', async () => {
    const installation = await temporaryInstallation({ env: { PATH: temporaryFolder() } });
    await expect(demandProgram(installation, source)).rejects.toThrow(
      'Redis is missing: there is no no-such-redis on PATH. Install it, or set REDIS_URL.',
    );
  });

  it('is installed where that can be done', async () => {
    const folder = temporaryFolder();
    writeProgram(
      join(folder, 'apt-get'),
      `[ "$5" = install ] || [ "$6" = install ] || exit 0; printf '#!/bin/sh\\n' > ${folder}/no-such-redis; /bin/chmod 755 ${folder}/no-such-redis`,
    );
    const installation = { ...(await temporaryInstallation()), env: { PATH: folder }, progress: silent };
    const isRoot = process.getuid?.() === 0;
    const found = await demandProgram(installation, source).catch(() => undefined);
    expect(found).toBe(isRoot ? join(folder, 'no-such-redis') : undefined);
  });
});
