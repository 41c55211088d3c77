import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import mongoose from 'mongoose';
import { startInterruptibleProxy } from '../../../chassis/src/testing/interruptible-proxy.ts';
import { databaseClock } from './clock.ts';

const opened: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

describe("the database's clock", () => {
  it('is not put forward by an answer that was long in coming', async () => {
    const proxy = await startInterruptibleProxy(process.env.MONGODB_URI ?? '');
    opened.push(() => proxy.stop());
    const connection = await mongoose.createConnection(proxy.url).asPromise();
    opened.push(() => connection.close());
    const clock = databaseClock(connection);
    await eventually(() => clock.synchronize());
    const ahead = () => clock.now() - (performance.timeOrigin + performance.now());
    const before = ahead();

    const askedAt = performance.now();
    proxy.freeze();
    const late = clock.synchronize();
    await eventually(() => performance.now() - askedAt > 1_000);
    proxy.thaw();
    expect(await late).toBe(false);
    expect(Math.abs(ahead() - before)).toBeLessThan(3);
    await eventually(() => clock.synchronize());
  });
});
