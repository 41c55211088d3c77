// A whole platform on its own ports and data with its demo accounts, for what measures or breaks one. Nothing of it is
// left when it stops, nor when it can't be started.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readDemoAccounts, seedDemo } from './demo.ts';
import { signIn } from './sign-in.ts';
import { type Stack, type StackOptions, startStack } from './stack.ts';

/** The checkout. */
export const root = resolve(import.meta.dirname, '..', '..');

export interface PrivatePlatform {
  stack: Stack;
  /** The password of a demo account. */
  passwordOf(email: string): string;
  /** Signs a demo account in and returns a new access token. */
  signIn(email: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startPrivatePlatform(options: Partial<StackOptions> = {}): Promise<PrivatePlatform> {
  const dataDir = await mkdtemp(join(tmpdir(), 'supergraph-private-'));
  const remove = () => rm(dataDir, { recursive: true, force: true });
  try {
    const stack = await startStack({ root, dataDir, publicPort: 0, ...options });
    try {
      await seedDemo({ root, dataDir, env: stack.env.arthemiz });
    } catch (error) {
      await stack.stop();
      throw error;
    }
    const passwordOf = (email: string) => {
      const account = readDemoAccounts(dataDir)?.accounts.find((candidate) => candidate.email === email);
      if (account === undefined) throw new Error(`There is no demo account ${email}.`);
      return account.password;
    };
    return {
      stack,
      passwordOf,
      async signIn(email) {
        const tokens = await signIn({ origin: stack.origin, email, password: passwordOf(email) });
        return tokens.accessToken;
      },
      async stop() {
        await stack.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
