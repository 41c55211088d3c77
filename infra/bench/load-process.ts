// Loads one URL on behalf of the benchmark, from the core that the subgraphs run on.
import autocannon from 'autocannon';
import { z } from 'zod';

export const loadShape = z.object({
  url: z.string(),
  connections: z.number(),
  seconds: z.number(),
  body: z.string(),
  /** Connection n carries the authorization of viewer n; a contestant that knows no viewers gets none. */
  authorizations: z.array(z.string()),
  /** Of the right answer: a smaller one is counted as failed. */
  answerBytes: z.number(),
});
export type Load = z.infer<typeof loadShape>;

export const loadResultShape = z.object({
  requests: z.number(),
  failed: z.number(),
  requestsPerSecond: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
});
export type LoadResult = z.infer<typeof loadResultShape>;

async function run(load: Load): Promise<LoadResult> {
  const { url, connections, seconds, body, authorizations, answerBytes } = load;
  let connected = 0;
  let partial = 0;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
    setupClient(client) {
      const authorization = authorizations[connected++ % authorizations.length];
      if (authorization !== undefined)
        client.setHeaders({ 'content-type': 'application/json', authorization });
      client.on('response', (_status, bytes) => {
        if (bytes < answerBytes) partial += 1;
      });
    },
  });
  return {
    requests: result.requests.total,
    failed: result.errors + result.non2xx + partial,
    // Its own average is over whole seconds, and none for a load of one.
    requestsPerSecond: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

if (process.send !== undefined) {
  process.on('message', async (message) => process.send?.(await run(loadShape.parse(message))));
  process.on('disconnect', () => process.exit(0));
}
