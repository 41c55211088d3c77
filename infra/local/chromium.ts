// The browser for end-to-end tests.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { findProgram, runCommand } from './commands.ts';
import { canInstall, install } from './debian.ts';
import type { Installation } from './installation.ts';
import { Problem } from './problem.ts';

/** How end-to-end tests run it: without a screen, and without traffic of its own. */
export const chromiumArguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** CHROMIUM_PATH → a Chromium on this machine → apt → Playwright's own download. @returns the program's path. */
export async function resolveChromium({
  env,
  progress,
}: Pick<Installation, 'env' | 'progress'>): Promise<string> {
  const given = env.CHROMIUM_PATH;
  if (given !== undefined && given !== '') {
    if (findProgram([given], env.PATH) !== undefined) return given;
    throw new Problem(
      `CHROMIUM_PATH names ${given}, which is no program. Correct it, or unset it to have one found.`,
    );
  }
  const found = () =>
    findProgram(['/usr/bin/chromium', 'chromium', 'chromium-browser', 'google-chrome'], env.PATH);
  const before = found();
  if (before !== undefined) return before;
  if (canInstall({ env })) {
    await install({ env, progress }, ['chromium']);
    const after = found();
    if (after !== undefined) return after;
  }
  return progress.task('downloading Chromium (Playwright)', () => downloadByPlaywright(env));
}

async function downloadByPlaywright(env: Installation['env']): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve('playwright-core/package.json');
  const command = [join(dirname(manifest), 'cli.js'), 'install', 'chromium'];
  const result = await runCommand(process.execPath, command, { env, timeoutMs: 10 * 60_000 });
  const { chromium } = await import('playwright-core');
  if (result.ok && findProgram([chromium.executablePath()]) !== undefined) return chromium.executablePath();
  throw new Problem(
    `Chromium is missing and could not be downloaded. Install it, or set CHROMIUM_PATH.\n${result.tail}`,
  );
}
