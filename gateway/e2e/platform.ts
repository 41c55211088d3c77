// A whole private platform of real processes with its demo accounts, for tests that break it.
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { type PrivatePlatform, startPrivatePlatform } from '../../infra/local/private-platform.ts';
import type { StackOptions } from '../../infra/local/stack.ts';

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

export interface E2ePlatform extends PrivatePlatform {
  /** Sends an operation to the public origin. Rejects where the answer is no GraphQL. */
  execute(token: string | null, query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Subscribes at the public origin; results collect in `received` until `close`. */
  subscribe(token: string, query: string): LiveResults;
}

export interface LiveResults {
  readonly received: Answer[];
  close(): void;
}

export async function startE2ePlatform(options: Partial<StackOptions> = {}): Promise<E2ePlatform> {
  const platform = await startPrivatePlatform(options);
  const { stack } = platform;
  const open = new Set<LiveResults>();

  return {
    ...platform,
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
      await platform.stop();
    },
  };
}
