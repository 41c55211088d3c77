// The signed fetch against a small HTTP server that stands where nginx would.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { TokenSource } from '@supergraph/session/signed-requests';
import { createSignedFetch } from './http.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // it listens on a TCP port
  return `http://127.0.0.1:${port}/graphql`;
}

const tokens: TokenSource = { accessToken: async () => 'first', renew: async () => 'second' };

async function ask(url: string, source = tokens, headers: HeadersInit = {}): Promise<unknown> {
  const response = await createSignedFetch(source)(url, { method: 'POST', body: '{}', headers });
  return response.json();
}

function echoAuthorization(): Promise<string> {
  return serve((request, response) => response.end(JSON.stringify({ data: request.headers.authorization })));
}

describe('a signed request', () => {
  it('carries the session’s token, or the one from the headers editor', async () => {
    const url = await echoAuthorization();
    expect(await ask(url)).toEqual({ data: 'Bearer first' });
    expect(await ask(url, tokens, { authorization: 'Bearer own' })).toEqual({ data: 'Bearer own' });
  });

  it('is sent once more with a new token when its token is refused', async () => {
    const url = await serve(({ headers }, response) => {
      if (headers.authorization === 'Bearer first') response.writeHead(401);
      response.end(JSON.stringify({ data: headers.authorization }));
    });
    expect(await ask(url)).toEqual({ data: 'Bearer second' });
  });

  it('keeps the errors and the status with which the gateway refuses an operation', async () => {
    const refusal = { errors: [{ message: 'Cannot query field "x".', extensions: { code: 'BAD' } }] };
    const url = await serve((_, response) => response.writeHead(400).end(JSON.stringify(refusal)));
    const response = await createSignedFetch(tokens)(url);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual(refusal);
  });
});

describe('a request without a GraphQL answer is answered with an error in words', () => {
  const inWords = (message: RegExp) => ({ errors: [{ message: expect.stringMatching(message) }] });

  it('when nginx answers for a gateway that is away', async () => {
    const url = await serve((_, response) =>
      response.writeHead(503, { 'content-type': 'application/problem+json' }).end('{"status":503}'),
    );
    expect(await ask(url)).toEqual(inWords(/^The gateway does not answer \(HTTP 503\)/));
  });

  it('when nothing answers at all', async () => {
    const url = await echoAuthorization();
    stops.splice(0).forEach((stop) => void stop());
    expect(await ask(url)).toEqual(inWords(/^The platform does not answer/));
  });

  it('when the answer breaks off', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"data":', () => response.destroy());
    });
    expect(await ask(url)).toEqual(inWords(/^The platform does not answer/));
  });

  it('when the session has no token to give', async () => {
    const ended: TokenSource = { ...tokens, accessToken: () => Promise.reject(new Error('Signed out.')) };
    expect(await ask(await echoAuthorization(), ended)).toEqual(inWords(/^Signed out\.$/));
  });

  it('when a header can’t be sent', async () => {
    expect(await ask(await echoAuthorization(), tokens, { 'x y': '1' })).toEqual(inWords(/headers editor/));
  });
});
