import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readJsonBody } from './body.ts';

const server = createServer();
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A request as the server got it, and the client's end of its connection. */
async function received(text: string) {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1'); // a TCP server that listens
  client.write(`POST / HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n${text}`);
  const [request] = (await once(server, 'request')) as [IncomingMessage]; // what the event is documented to carry
  return { request, client };
}

describe('a body', () => {
  it('is refused when its client has left before anybody read it', async () => {
    const { request, client } = await received('content-length: 100\r\n\r\n{"query":');
    client.destroy();
    await new Promise((resolve) => request.once('close', resolve));
    await expect(readJsonBody(request, { maximumBytes: 1_000 })).rejects.toMatchObject({
      extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
    });
  });

  it('is refused when its client leaves in the middle of it', async () => {
    const { request, client } = await received('content-length: 100\r\n\r\n{"query":');
    const reading = readJsonBody(request, { maximumBytes: 1_000 });
    client.destroy();
    await expect(reading).rejects.toMatchObject({ message: 'The request broke off.' });
  });
});
