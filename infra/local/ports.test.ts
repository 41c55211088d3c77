import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { demandFree, isFree, loopbackAddresses, openPorts, portOwner } from './ports.ts';
import { canConnect } from './tcp.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

/** Somebody who listens. */
async function listener(host: string, port = 0): Promise<{ port: number; close(): Promise<void> }> {
  const server: Server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen({ port, host, ipv6Only: true }, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

describe('the ports of an installation', () => {
  it('are its own, off the range of outgoing connections, and remembered', async () => {
    const folder = temporaryFolder();
    const ports = openPorts(folder);
    const [redis, mongodb] = [await ports.of('redis'), await ports.of('mongodb')];
    expect(redis).not.toBe(mongodb);
    for (const port of [redis, mongodb]) expect(port >= 20_000 && port < 30_000).toBe(true);
    expect(await ports.of('redis')).toBe(redis);
    expect(await openPorts(folder).of('redis')).toBe(redis);
  });

  it('move where somebody else has taken one, and stay there', async () => {
    const folder = temporaryFolder();
    const before = await openPorts(folder).of('redis');
    const other = await listener('127.0.0.1', before);
    const now = await openPorts(folder).of('redis');
    expect(now).not.toBe(before);
    await other.close();
    expect(await openPorts(folder).of('redis')).toBe(now);
    expect(JSON.parse(readFileSync(join(folder, 'ports.json'), 'utf8'))).toEqual({ redis: now });
  });

  it('are never the same for two, also when both remember it', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'ports.json'), JSON.stringify({ a: 23_456, b: 23_456 }));
    const ports = openPorts(folder);
    expect(await ports.of('a')).not.toBe(await ports.of('b'));
  });
});

describe('a public port in use', () => {
  it.each(loopbackAddresses())('at %s is reported with who has it and what to do', async (host) => {
    const other = await listener(host);
    const message = `Port ${other.port} is in use by ${portOwner(other.port)}. Stop that, or choose another: PUBLIC_PORT=`;
    expect(portOwner(other.port)).toMatch(new RegExp(`\\(process ${process.pid}\\)$`));
    await expect(demandFree(other.port, 'PUBLIC_PORT')).rejects.toThrow(message);
    await other.close();
    await demandFree(other.port, 'PUBLIC_PORT');
    expect(portOwner(other.port)).toBeUndefined();
  });

  it('is answered with a port that exists, also near the end', async () => {
    const high = await listener('127.0.0.1', 65_499).catch(() => undefined);
    await expect(demandFree(65_499, 'PUBLIC_PORT')).rejects.toThrow('PUBLIC_PORT=64499 npm start');
    await high?.close();
  });
});

describe('a connection', () => {
  it('tells whether somebody listens', async () => {
    const other = await listener('127.0.0.1');
    await canConnect(other.port);
    expect(await isFree(other.port)).toBe(false);
    await other.close();
    await expect(canConnect(other.port)).rejects.toThrow('ECONNREFUSED');
    expect(await isFree(other.port)).toBe(true);
  });
});
