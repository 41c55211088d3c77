import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OperationFacts } from './context.ts';
import { createGraphql, type GraphqlOverHttp } from './graphql.ts';
import { type HttpServer, startHttpServer } from './http.ts';
import { createMetrics } from './metrics.ts';
import { loadSchema } from './schema.ts';
import { recordLog } from './testing/data-fixture.ts';
import { sampleSubgraph } from './testing/sample-subgraph.ts';
import { startTracing } from './tracing.ts';
import { anonymous } from './viewer.ts';

describe('GraphQL over HTTP', () => {
  const { logger, lines } = recordLog();
  let http: HttpServer;
  let graphql: GraphqlOverHttp;
  beforeAll(async () => {
    const metrics = createMetrics('sample');
    graphql = await createGraphql({
      schema: loadSchema(sampleSubgraph()),
      verifyPassport: () => anonymous,
      makeContext: ({ viewer, abort }: OperationFacts) => ({ viewer, signal: abort.signal }),
      ...{ logger, metrics, deadlineMs: 5_000 },
    });
    const tracing = startTracing({ service: 'sample' });
    http = await startHttpServer({ host: '127.0.0.1', port: 0, logger, metrics, tracing });
    http.serve([{ path: '/graphql', handle: graphql.handle }]);
  });
  afterAll(async () => {
    await http.stop({ graceMs: 0 });
    await graphql.stop();
  });

  it('logs of each operation the first errors alone, and how many more there were', async () => {
    const fields = Array.from({ length: 300 }, (_, index) => `f${index}: fails(how: "surprise")`);
    const ask = async () => {
      const response = await fetch(`${http.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: `{ ${fields.join(' ')} }` }),
      });
      expect(await response.text()).toContain('INTERNAL_SERVER_ERROR');
    };
    await Promise.all([ask(), ask()]);
    const logged = (msg: string) => lines.filter((line) => line.msg === msg);
    expect(logged('unexpected error')).toHaveLength(10);
    expect(logged('further errors of this operation were not logged')).toMatchObject([
      { errors: 295 },
      { errors: 295 },
    ]);
  });
});
