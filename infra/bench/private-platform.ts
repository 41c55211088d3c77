// A whole platform for one benchmark, on its own ports and data, with demo accounts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readDemoAccounts, seedDemo } from '../local/demo.ts';
import type { EdgeLimits } from '../local/nginx.ts';
import type { Progress } from '../local/progress.ts';
import { composeSchema } from '../local/schema-pipeline.ts';
import { signIn } from '../local/sign-in.ts';
import { type Stack, startStack } from '../local/stack.ts';

export const root = resolve(import.meta.dirname, '..', '..');

export interface PrivatePlatform {
  stack: Stack;
  /** An access token of a demo account. */
  token(email: string): Promise<string>;
  stop(): Promise<void>;
}

export interface PrivatePlatformOptions {
  env: Record<string, string | undefined>;
  signal: AbortSignal;
  progress: Progress;
  limits?: Partial<EdgeLimits>;
}

export async function startPrivatePlatform(options: PrivatePlatformOptions): Promise<PrivatePlatform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'supergraph-bench-'));
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  // Logs of every request would be measured too.
  const env = { ...options.env, LOG_LEVEL: 'warn' };
  try {
    await composeSchema(root);
    const stack = await startStack({ root, dataDir, publicPort: 0, ...options, env });
    try {
      await seedDemo({ root, dataDir, env: stack.env.arthemiz });
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return {
      stack,
      async token(email) {
        const account = readDemoAccounts(dataDir)?.accounts.find((candidate) => candidate.email === email);
        if (account === undefined) throw new Error(`There is no demo account ${email}.`);
        const { accessToken } = await signIn({ origin: stack.origin, email, password: account.password });
        return accessToken;
      },
      async stop() {
        await stack.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
