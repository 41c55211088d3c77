// What the gateway tells developers, from a small HTTP server that stands where nginx would.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createDevelopers } from './developers.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function developersAt(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // it listens on a TCP port
  const tokens = { accessToken: async () => 'first', renew: async () => 'second' };
  return createDevelopers(`http://127.0.0.1:${port}`, tokens);
}

describe('a report on an operation', () => {
  it('has its plan with all that lies within', async () => {
    const fetched = {
      kind: 'Fetch',
      index: 0,
      subgraph: 'a',
      operation: '{ a }',
      requires: null,
      variables: [],
    };
    const plan = {
      kind: 'Sequence',
      nodes: [fetched, { kind: 'Flatten', path: 'a', node: { ...fetched, index: 1 } }],
    };
    const report = {
      operation: { type: 'query', name: null },
      plan,
      denied: [],
      cost: { estimated: 1, maximum: 2 },
    };
    const developers = await developersAt((_, response) => response.end(JSON.stringify(report)));
    expect(await developers.inspect({ query: '{ a }' })).toEqual(report);
  });

  it('is refused in the words of the gateway where the operation is not valid', async () => {
    const errors = [{ message: 'Cannot query field "x".' }, { message: 'Unknown argument.' }];
    const developers = await developersAt((_, response) =>
      response.writeHead(400).end(JSON.stringify({ errors })),
    );
    await expect(developers.inspect({ query: '{ x }' })).rejects.toThrow(
      'Cannot query field "x".\nUnknown argument.',
    );
  });
});

describe('facts of the schema', () => {
  it('are asked for once more with a new token when the token is refused', async () => {
    const developers = await developersAt(({ headers }, response) => {
      if (headers.authorization === 'Bearer first') response.writeHead(401).end();
      else response.end(JSON.stringify({ subgraphs: ['a'], types: {}, fields: {} }));
    });
    expect(await developers.facts()).toEqual({ subgraphs: ['a'], types: {}, fields: {} });
  });

  it('are missed in words', async () => {
    const away = await developersAt((_, response) => response.writeHead(503).end());
    await expect(away.facts()).rejects.toThrow(/The gateway does not answer \(HTTP 503\)/);
    const foreign = await developersAt((_, response) => response.end('<html>'));
    await expect(foreign.facts()).rejects.toThrow(/Something other than GraphQL answered/);
  });
});
