// For tests only: a subgraph as a process of its own, that can be killed.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface SubgraphProcess {
  readonly url: string;
  /** SIGKILL: it gets to do nothing more. */
  kill(): Promise<void>;
}

export async function startProcess(
  main: URL,
  env: Readonly<Record<string, string>>,
): Promise<SubgraphProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', main.pathname], {
    env: { ...process.env, ...env, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    void ended.then(() => reject(new Error('The process ended before it was ready.')));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { msg, url: at } = JSON.parse(line) as { msg: string; url?: string };
      if (msg === 'ready' && at !== undefined) resolve(at);
    });
  });
  return {
    url,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
