// apt stands aside here: what is shown is what it would be asked. That the packages install is seen where they do.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { canInstall, install } from './debian.ts';
import { silent } from './progress.ts';
import { writeProgram } from './testing/programs.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
const log = join(folder, 'calls');
const env = { PATH: `${folder}:/usr/bin:/bin` };
writeProgram(
  join(folder, 'apt-get'),
  `echo "begin $* [$DEBIAN_FRONTEND $RUNLEVEL $SYSTEMD_OFFLINE]" >> ${log}
   case "$*" in *absent*) echo 'E: Unable to locate package absent' >&2; exit 100;; esac
   echo end >> ${log}`,
);

describe('an install by apt', () => {
  it('is possible for root alone, where there is apt', () => {
    expect(canInstall({ env })).toBe(process.getuid?.() === 0);
    expect(canInstall({ env: { PATH: temporaryFolder() } })).toBe(false);
  });

  it('updates the lists once, asks nothing, starts no system service, and one goes after the other', async () => {
    await Promise.all([
      install({ env, progress: silent }, ['one']),
      install({ env, progress: silent }, ['two', 'three']),
    ]);
    const calls = readFileSync(log, 'utf8').trim().split('\n');
    const options = '-qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0';
    const quiet = '[noninteractive 1 1]';
    expect(calls).toEqual([
      `begin ${options} update ${quiet}`,
      'end',
      `begin ${options} install --yes --no-install-recommends one ${quiet}`,
      'end',
      `begin ${options} install --yes --no-install-recommends two three ${quiet}`,
      'end',
    ]);
  });

  it('that fails says so in apt’s words, says what to do, and holds up nobody', async () => {
    const failing = install({ env, progress: silent }, ['absent']);
    const next = install({ env, progress: silent }, ['four']);
    await expect(failing).rejects.toThrow(
      /E: Unable to locate package absent\nInstall absent by hand and start again/,
    );
    await next;
  });
});
