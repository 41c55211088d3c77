// A gateway of two processes: real ones, before real subgraphs.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { freePort } from '@supergraph/chassis/testing/free-port';
import { canConnect } from '../../../infra/local/tcp.ts';
import { openLiveClient } from '../testing/live-client.ts';
import { type Platform, startPlatform } from '../testing/platform.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
let platform: Platform;
let primary: ChildProcess;
let at: { url: string };
let tenantId: string;
let token: string;
/** Ids of the processes that have begun to serve, in that order. */
const served: number[] = [];
beforeAll(async () => {
  platform = await startPlatform();
  tenantId = (await platform.tenant({ name: 'Acme' }))._id;
  token = await platform.token({ tenantId, permissions: ['tenant:read', 'service:read'] });
  const port = await freePort();
  at = { url: `http://127.0.0.1:${port}` };
  primary = spawn(process.execPath, ['--import', 'tsx', main], {
    env: {
      ...platform.gatewayEnv,
      ...{ PATH: process.env.PATH, PORT: String(port), GATEWAY_PROCESSES: '2', LOG_LEVEL: 'info' },
      // A client whose connection is kept is told to leave by an answer, and has to have the time to get one.
      SHUTDOWN_DELAY_MS: '300',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let rest = '';
  primary.stdout?.on('data', (chunk) => {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { msg, process: id } = JSON.parse(line) as { msg?: string; process?: number };
      if (msg === 'a process of the gateway serves' && id !== undefined) served.push(id);
    }
  });
  await serving(2);
});
afterAll(async () => {
  if (primary?.exitCode === null) {
    primary.kill('SIGKILL');
    await once(primary, 'exit');
  }
  await platform?.stop();
});

/** Resolves once so many processes have begun to serve, from the start on. */
const serving = (count: number) =>
  eventually(() => expect(served.length).toBeGreaterThanOrEqual(count), { timeoutMs: 60_000 });
const ask = () => platform.query('{ tenant { name } }', { token, at });

/** Asks until the work is done. @returns what did not go well. */
async function whileAsking(work: () => Promise<void>): Promise<unknown[]> {
  const trouble: unknown[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      const answer = await ask().catch((error: unknown) => ({ errors: error, data: null }));
      if (answer.errors !== undefined) trouble.push(answer.errors);
    }
  })();
  try {
    await work();
  } finally {
    isOver = true;
    await asking;
  }
  return trouble;
}

describe('a gateway of several processes', () => {
  it('shows the metrics of all at any of them', async () => {
    for (let n = 0; n < 10; n++) expect((await ask()).data).toEqual({ tenant: { name: 'Acme' } });
    expect(await platform.metric(at, 'gateway_processes')).toBe(2);
    const operations = () =>
      platform.metric(at, 'graphql_operation_duration_seconds_count', { outcome: 'success' });
    expect(await operations()).toBe(10);
    expect(await operations()).toBe(10);
    expect(await platform.metric(at, 'gateway_supergraph_info')).toBe(1);
    expect((await fetch(`${at.url}/health/ready`)).status).toBe(200);
  });

  it('serves live events', async () => {
    const client = openLiveClient({ url: at.url, token });
    const watched = client.watch('subscription { healthChanged { message } }');
    await platform.health.heard(tenantId);
    await platform.health.change(await platform.health.service(tenantId), 'seen');
    await eventually(() =>
      expect(watched.results).toMatchObject([{ data: { healthChanged: { message: 'seen' } } }]),
    );
    await client.close();
  });

  it('replaces all of them without dropping a request', async () => {
    const before = served.length;
    const trouble = await whileAsking(async () => {
      primary.kill('SIGHUP');
      await serving(before + 2);
      await eventually(async () => expect(await platform.metric(at, 'gateway_processes')).toBe(2), {
        timeoutMs: 60_000,
      });
    });
    expect(trouble).toEqual([]);
  });

  it('starts one anew that was killed; the other serves on', async () => {
    const before = served.length;
    process.kill(served.at(-1) ?? 0, 'SIGKILL');
    await eventually(async () =>
      expect((await ask().catch(() => null))?.data).toEqual({ tenant: { name: 'Acme' } }),
    );
    await serving(before + 1);
    await eventually(async () => expect(await platform.metric(at, 'gateway_processes')).toBe(2));
  });

  it('stops when the first is told to, and answers what is under way', async () => {
    // Nothing of theirs has been asked for before, so that nothing of it is kept.
    const { _id: others } = await platform.tenant({ name: 'Umbrella' });
    const theirs = await platform.token({ tenantId: others, permissions: ['tenant:read'] });
    platform.links.arthemiz.freeze();
    const underWay = platform.query('{ tenant { name } }', { token: theirs, at });
    const isWaiting = async () => {
      const waiting = await platform.metric(at, 'gateway_subgraph_fetches', { state: 'under_way' });
      expect(waiting).toBe(1);
    };
    await eventually(isWaiting);
    primary.kill('SIGTERM');
    const exited = once(primary, 'exit');
    // No process takes connections any more. One that was taken at the last moment may wait for its answer to the end.
    await eventually(() => expect(canConnect(Number(new URL(at.url).port))).rejects.toThrow());
    platform.links.arthemiz.thaw();
    expect((await underWay).data).toEqual({ tenant: { name: 'Umbrella' } });
    expect(await exited).toEqual([0, null]);
  });
});
