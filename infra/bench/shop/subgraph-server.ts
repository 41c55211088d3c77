// One subgraph over HTTP and, for what it tells live, WebSocket. graphql-js answers each distinct request once, for real;
// from then on the answer is served from memory, so that what is measured is the gateway before it and never this.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { execute, type GraphQLSchema, parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { LRUCache } from 'lru-cache';
import { WebSocketServer } from 'ws';
import { z } from 'zod';

/** Distinct requests remembered. */
const most = 5_000;
/** Of a message by WebSocket. */
const mostBytes = 2_000_000;
const path = '/graphql';

const requestShape = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

/** @returns its URL; it listens on loopback until the process ends. */
export async function startSubgraphServer(schema: GraphQLSchema): Promise<string> {
  const answers = new LRUCache<string, Buffer>({ max: most });
  const server = createServer(async (request, response) => {
    try {
      // Its readiness.
      if (request.method === 'GET') return void response.writeHead(200).end();
      const body = await bodyOf(request);
      let answer = answers.get(body);
      if (answer === undefined) {
        answer = await answerTo(schema, body);
        answers.set(body, answer);
      }
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
      response.end(answer);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  // A gateway's pool never finds a connection that is just being closed.
  server.keepAliveTimeout = 600_000;
  useServer({ schema }, new WebSocketServer({ server, path, maxPayload: mostBytes }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on no port');
  return `http://127.0.0.1:${address.port}${path}`;
}

async function answerTo(schema: GraphQLSchema, body: string): Promise<Buffer> {
  const { query, operationName, variables } = requestShape.parse(JSON.parse(body));
  const document = parse(query, { noLocation: true });
  const result = await execute({ schema, document, operationName, variableValues: variables });
  return Buffer.from(JSON.stringify(result));
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
  });
}
