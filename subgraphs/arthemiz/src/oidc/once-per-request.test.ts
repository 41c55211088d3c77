import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Provider } from 'oidc-provider';
import { oncePerTokenRequest } from './once-per-request.ts';

const asked: string[] = [];
const read = oncePerTokenRequest({
  of: 'thing',
  async by(id) {
    asked.push(id);
    return { id };
  },
});
const provider = new Provider('http://127.0.0.1', {
  clients: [
    {
      ...{ client_id: 'robot', client_secret: 'secret', grant_types: ['client_credentials'] },
      ...{ response_types: [], redirect_uris: [] },
    },
  ],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  async extraTokenClaims() {
    for (const id of ['one', 'one', 'other', 'other', 'one']) expect(await read(id)).toEqual({ id });
    return {};
  },
});
let server: Server;

beforeAll(async () => {
  server = provider.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
});

async function askForToken(): Promise<number> {
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const { status } = await fetch(`http://127.0.0.1:${port}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'client_credentials', client_id: 'robot', client_secret: 'secret' },
    }),
  });
  return status;
}

describe('what a request for a token reads more than once', () => {
  it('is read once, as long as it is the same', async () => {
    expect(await askForToken()).toBe(200);
    expect(asked.splice(0)).toEqual(['one', 'other', 'one']);
  });

  it('is read anew by the next request', async () => {
    await askForToken();
    await askForToken();
    expect(asked.splice(0)).toEqual(['one', 'other', 'one', 'one', 'other', 'one']);
  });

  it('is read each time by whoever asks outside of such a request', async () => {
    await read('one');
    await read('one');
    expect(asked.splice(0)).toEqual(['one', 'one']);
  });
});
