// Demo tenants and accounts, made by arthemiz itself, once.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { runCommand } from './commands.ts';
import { appFolder, type Environment } from './environment.ts';
import { readState } from './files.ts';
import { Problem } from './problem.ts';

const account = z.object({ email: z.string(), password: z.string(), tenant: z.string(), role: z.string() });
const client = z.object({ clientId: z.string(), clientSecret: z.string(), tenant: z.string() });
const demoAccounts = z.object({ accounts: z.array(account), clients: z.array(client).default([]) });
export type DemoAccounts = z.infer<typeof demoAccounts>;

export function demoAccountsFile(dataDir: string): string {
  return join(dataDir, 'demo-accounts.json');
}

/** The demo accounts of an installation; undefined before they were made. */
export function readDemoAccounts(dataDir: string): DemoAccounts | undefined {
  return readState(demoAccountsFile(dataDir), demoAccounts);
}

/** Makes what is missing of the demo data; does nothing the second time. */
export async function seedDemo({
  root,
  dataDir,
  env,
}: {
  root: string;
  dataDir: string;
  env: Environment;
}): Promise<void> {
  const script = join(appFolder(root, 'arthemiz'), 'src', 'demo', 'main.ts');
  if (!existsSync(script)) return;
  const result = await runCommand(process.execPath, ['--import', 'tsx', script], {
    cwd: root,
    env: { ...env, DEMO_ACCOUNTS_FILE: demoAccountsFile(dataDir) },
    timeoutMs: 120_000,
  });
  if (!result.ok) throw new Problem(`The demo data could not be made:\n${result.tail}`);
}
