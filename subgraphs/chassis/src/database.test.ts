import { afterEach, describe, expect, it } from '@jest/globals';
import { connectDatabase } from './database.ts';
import { backingUrl, newNamespace, recordLog } from './testing/data-fixture.ts';
import { eventually } from './testing/eventually.ts';
import { type InterruptibleProxy, startInterruptibleProxy } from './testing/interruptible-proxy.ts';

const opened: InterruptibleProxy[] = [];
afterEach(async () => {
  for (const proxy of opened.splice(0)) await proxy.stop();
});

const connect = async () => {
  const { logger, lines } = recordLog();
  const proxy = await startInterruptibleProxy(backingUrl('MONGODB_URI'));
  opened.push(proxy);
  const options = { uri: proxy.url, namespace: newNamespace(), service: 'sample', logger };
  return { connection: await connectDatabase(options), proxy, lines };
};

describe('the connection to MongoDB', () => {
  it('tells of its loss and its return, and makes nobody wait long meanwhile', async () => {
    const { connection, proxy, lines } = await connect();
    const ping = () => connection.getClient().db('admin').command({ ping: 1 });
    await proxy.cut();
    await eventually(() => lines.some(({ msg }) => msg === 'MongoDB connection lost; the driver reconnects'));
    const askedAt = performance.now();
    await expect(ping()).rejects.toThrow(/ECONNREFUSED/);
    expect(performance.now() - askedAt).toBeLessThan(4_000);
    await proxy.restore();
    await eventually(ping);
    await eventually(() => lines.some(({ msg }) => msg === 'MongoDB connection is back'));
    await connection.close();
  });

  it('is not lost when it is closed', async () => {
    const { connection, lines } = await connect();
    await connection.close();
    expect(lines).toEqual([]);
  });
});
