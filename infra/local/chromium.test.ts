import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { resolveChromium } from './chromium.ts';
import { silent } from './progress.ts';
import { writeProgram } from './testing/programs.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

describe('the browser of the end-to-end tests', () => {
  it('is the one that CHROMIUM_PATH names', async () => {
    const file = writeProgram(join(temporaryFolder(), 'browser'), 'exit 0');
    expect(await resolveChromium({ env: { CHROMIUM_PATH: file }, progress: silent })).toBe(file);
  });

  it('is missing where CHROMIUM_PATH names nothing, and no other is taken instead', async () => {
    const env = { CHROMIUM_PATH: '/no/browser', PATH: process.env.PATH };
    await expect(resolveChromium({ env, progress: silent })).rejects.toThrow(
      'CHROMIUM_PATH names /no/browser, which is no program. Correct it, or unset it to have one found.',
    );
  });

  it('is else one of this machine', async () => {
    const folder = temporaryFolder();
    writeProgram(join(folder, 'chromium'), 'exit 0');
    const found = await resolveChromium({ env: { CHROMIUM_PATH: '', PATH: folder }, progress: silent });
    expect(['/usr/bin/chromium', join(folder, 'chromium')]).toContain(found);
  });
});
