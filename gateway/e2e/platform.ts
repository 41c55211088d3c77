// A whole private platform of real processes with its demo accounts, for tests that break it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { readDemoAccounts, seedDemo } from '../../infra/local/demo.ts';
import { signIn } from '../../infra/local/sign-in.ts';
import { type Stack, type StackOptions, startStack } from '../../infra/local/stack.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));

const answerShape = z.object({
  data: z.any(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        extensions: z.object({ code: z.string() }).optional(),
      }),
    )
    .optional(),
});
export type Answer = z.infer<typeof answerShape>;

export interface E2ePlatform {
  stack: Stack;
  /** The password of a demo account. */
  passwordOf(email: string): string;
  /** Signs a demo account in and returns a new access token. */
  signIn(email: string): Promise<string>;
  /** Sends an operation to the public origin. Rejects where the answer is no GraphQL. */
  execute(token: string | null, query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Subscribes at the public origin; results collect in `received` until `close`. */
  subscribe(token: string, query: string): LiveResults;
  stop(): Promise<void>;
}

export interface LiveResults {
  readonly received: Answer[];
  close(): void;
}

export async function startE2ePlatform(options: Partial<StackOptions> = {}): Promise<E2ePlatform> {
  const dataDir = await mkdtemp(join(tmpdir(), 'supergraph-e2e-'));
  const stack = await startStack({ root, dataDir, publicPort: 0, ...options });
  await seedDemo({ root, dataDir, env: stack.env.arthemiz });
  const passwordOf = (email: string) => {
    const account = readDemoAccounts(dataDir)?.accounts.find((candidate) => candidate.email === email);
    if (!account) throw new Error(`${email} is no demo account`);
    return account.password;
  };
  const open = new Set<LiveResults>();

  return {
    stack,
    passwordOf,
    async signIn(email) {
      const tokens = await signIn({ origin: stack.origin, email, password: passwordOf(email) });
      return tokens.accessToken;
    },
    async execute(token, query, variables) {
      const response = await fetch(`${stack.origin}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(30_000),
      });
      return answerShape.parse(await response.json());
    },
    subscribe(token, query) {
      const client = createClient({
        url: `${stack.origin.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${token}` },
        retryAttempts: 0,
      });
      const received: Answer[] = [];
      client.subscribe(
        { query },
        {
          next: (result) => void received.push(answerShape.parse(result)),
          error: () => undefined,
          complete: () => undefined,
        },
      );
      const results = {
        received,
        close() {
          open.delete(results);
          void client.dispose();
        },
      };
      open.add(results);
      return results;
    },
    async stop() {
      for (const results of open) results.close();
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
