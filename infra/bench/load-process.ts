// Loads one URL on behalf of the benchmark, from the core that the subgraphs run on.
import autocannon from 'autocannon';
import { type Load, type LoadResult, loadShape } from './load.ts';

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

process.on('message', async (message) => process.send?.(await run(loadShape.parse(message))));
process.on('disconnect', () => process.exit(0));
