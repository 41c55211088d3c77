// For tests only: an application's end of back-channel logout, which answers as it is told to.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type LogoutReceiver = Awaited<ReturnType<typeof startLogoutReceiver>>;

export async function startLogoutReceiver() {
  const tokens: string[] = [];
  const contentTypes: Array<string | undefined> = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    tokens.push(new URLSearchParams(Buffer.concat(chunks).toString('utf8')).get('logout_token') ?? '');
    contentTypes.push(request.headers['content-type']);
    response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server's, once it listens
  return {
    url: `http://127.0.0.1:${port}/logout`,
    /** As they came, those it did not take included. */
    tokens,
    contentTypes,
    answer(next: number) {
      status = next;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
