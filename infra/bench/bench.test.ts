// The benchmarks themselves, small: what they print must stay true of the platform as it is.
import { afterAll, describe, expect, it } from '@jest/globals';
import type { CommandContext } from '../local/command-line.ts';
import { silent } from '../local/progress.ts';
import { fanOutBenchmark } from './fan-out.ts';
import { gatewayBenchmark } from './gateway.ts';
import { liveBenchmark } from './live.ts';
import { main } from './main.ts';

const never = new AbortController();
afterAll(() => never.abort());
const context = { env: process.env, signal: never.signal, progress: silent, flags: {} };

describe('npm run bench', () => {
  it('measures our gateway and a plain one in turn, after both gave the same answers', async () => {
    const contestants = ['ours', 'apollo'] as const;
    const benchmark = gatewayBenchmark({ contestants, connections: 4, rounds: 1, roundSeconds: 1 });
    const { rows, figures } = await benchmark.run(context);
    const titles = ['ours, same viewer', 'ours, distinct viewers', '@apollo/gateway'];
    const measured = titles.map((title) => ({
      title,
      requestsPerSecond: expect.any(Number),
      p99Ms: expect.any(Number),
      cpuMs: expect.any(Number),
    }));
    expect(figures).toMatchObject({ queries: { big: measured, small: measured } });
    expect(rows.map(([, title]) => title)).toEqual(['gateway', ...titles, ...titles]);
  }, 480_000);

  const size = { subscribers: 50, seconds: 1, warmingSeconds: 1 };
  // One at a time takes as long as it takes.
  const measuredPace = { p50Ms: expect.any(Number), p99Ms: expect.any(Number) };
  it('measures each frame of each change at each subscriber', async () => {
    const { figures } = await liveBenchmark({ ...size, changesPerSecond: 10 }).run(context);
    expect(figures).toMatchObject({ paces: [measuredPace, { ...measuredPace, frames: 500 }] });
  }, 480_000);

  it('measures each frame of each change of a price before the shop, at a gateway on a core of its own', async () => {
    const { figures } = await fanOutBenchmark({ ...size, eventsPerSecond: 10 }).run(context);
    expect(figures).toMatchObject({ ...measuredPace, frames: 500, gatewayCore: expect.any(Number) });
  }, 480_000);

  it('lists what there is, for help and for a name that it does not know', async () => {
    const written: string[] = [];
    // Of a stream, only `write` is used.
    const output = { write: (text: string) => written.push(text) } as unknown as CommandContext['output'];
    const run = (args: string[]) => main({ ...context, args, output });
    expect(await run(['--help'])).toBe(0);
    expect(written.join('')).toMatch(/gateway [\s\S]*\n +live /);
    await expect(run(['speed'])).rejects.toThrow(/no benchmark "speed"[\s\S]*gateway/);
  });
});
