// The platform's own processes: gateway and subgraphs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type App, appFolder, type Environment } from './environment.ts';
import type { Installation } from './installation.ts';
import { demandOk } from './nginx.ts';
import { ownProgram, type Program } from './program.ts';

export interface AppProcess extends Program {
  /** http://127.0.0.1:port of this process. */
  readonly url: string;
}

export function appProcess(installation: Installation, app: App, env: Environment): AppProcess {
  const url = `http://127.0.0.1:${env.PORT}`;
  const folder = appFolder(installation.root, app);
  const program = ownProgram({
    ...installation,
    name: app,
    tell: installation.progress.say,
    startDeadlineMs: 90_000,
    graceMs: 20_000,
    probe: () => demandOk(`${url}/health/ready`),
    launch: () => ({
      file: process.execPath,
      args: [...youngGeneration, '--import', 'tsx', join(folder, 'src', 'main.ts')],
      env,
      cwd: installation.root,
      // The chassis ends the process when the channel to the starter is gone.
      tie: 'ipc',
    }),
  });
  return Object.assign(program, { url });
}

/**
 * What many requests at once hold until they are answered fits in here, so that it dies young. With Node's own 16 MiB a
 * busy gateway spends a quarter of its time on copying it.
 */
export const youngGeneration = ['--max-semi-space-size=64'];

/** Whether the app's code is there (it is not in every stage of a checkout). */
export function isThere(root: string, app: App): boolean {
  return existsSync(join(appFolder(root, app), 'src', 'main.ts'));
}
