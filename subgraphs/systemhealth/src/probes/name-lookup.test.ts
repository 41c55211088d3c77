import { createSocket } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { afterEach, expect, it } from '@jest/globals';
import { AddressRefused, addressGuard } from '@supergraph/chassis/addresses';
import { nameLookup } from './name-lookup.ts';

const toClose: Array<() => unknown> = [];
afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

/** Answers with this address to questions about IPv4; to no question at all where there is none. */
async function nameServer(address: string | null): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    if (address === null) return;
    const end = query.indexOf(0, 12) + 5;
    const isIpv4 = query.readUInt16BE(end - 4) === 1;
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(isIpv4 ? 1 : 0, 6);
    header.writeUInt16BE(0, 10);
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)]);
    socket.send(
      Buffer.concat([header, query.subarray(12, end), isIpv4 ? record : Buffer.alloc(0)]),
      from.port,
      from.address,
    );
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  toClose.push(() => socket.close());
  return `127.0.0.1:${socket.address().port}`;
}

type Lookup = ReturnType<typeof nameLookup>;
const ask = (lookup: Lookup, name: string) =>
  new Promise<LookupAddress[]>((resolve, reject) =>
    lookup(name, { all: true }, (error, found) =>
      error === null && Array.isArray(found) ? resolve(found) : reject(error),
    ),
  );

it('finds what the name servers answer, and what only this machine knows', async () => {
  const lookup = nameLookup({ servers: [await nameServer('192.0.2.7')] });
  expect(await ask(lookup, 'shop.example')).toEqual([{ address: '192.0.2.7', family: 4 }]);
  const known = await ask(nameLookup(), 'localhost');
  expect(known.map(({ address }) => address)).toContain('127.0.0.1');
});

it('gives up on a name server that is away, and holds nobody else up meanwhile', async () => {
  const away = nameLookup({ servers: [await nameServer(null)], timeoutMs: 2_000 });
  let settled = 0;
  const waiting = Array.from({ length: 200 }, (_, index) =>
    ask(away, `dead-${index}.example`)
      .catch((error) => error)
      .finally(() => {
        settled += 1;
      }),
  );
  await ask(nameLookup(), 'localhost');
  expect(settled).toBe(0);
  for (const error of await Promise.all(waiting)) expect(error).toMatchObject({ code: 'EAI_AGAIN' });
});

it('is judged by the guard', async () => {
  const lookup = nameLookup({ servers: [await nameServer('10.0.0.5')] });
  const guard = addressGuard([], { lookup });
  await expect(ask(guard.lookup, 'rebound.example')).rejects.toBeInstanceOf(AddressRefused);
});
