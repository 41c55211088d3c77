import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { type AddressGuard, addressGuard, isTargetAllowed } from '@supergraph/chassis/addresses';
import { describeFailure, ProbeFailure } from './failures.ts';
import { measure } from './probe.ts';
import { presetSettings } from './settings.ts';
import { tenantProbe } from './tenant-probe.ts';

const guard = addressGuard([]);
function probing(kind: 'HTTP' | 'TCP', url: string, judge: AddressGuard) {
  const settings = presetSettings(kind);
  if (settings === null) throw new Error(`${kind} has no presets.`);
  return tenantProbe<'HTTP' | 'TCP'>(kind, { url, headers: {}, guard: judge }, settings as never);
}

const refusal = 'the target is not on a public address';

describe("a tenant's target", () => {
  it.each([
    'http://127.0.0.1:8080/',
    'http://localhost/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/latest/meta-data/',
    'tcp://127.0.0.1:6379',
    'tcp://2130706433:6379',
    'tcp://[::1]:6379',
    'tcp://localhost:6379',
  ])('may not be %s, when it is made and when it is probed', async (url) => {
    expect(await isTargetAllowed(url, guard)).toBe(false);
    const kind = url.startsWith('tcp') ? 'TCP' : 'HTTP';
    const found = await measure(probing(kind, url, guard), { timeoutMs: 2_000, now: Date.now });
    expect(found).toMatchObject({ isSuccess: false, message: refusal });
  });

  it('may be public, and a name that cannot be looked up is left to its runs', async () => {
    expect(await isTargetAllowed('https://1.1.1.1/', guard)).toBe(true);
    expect(await isTargetAllowed('tcp://[2606:4700:4700::1111]:443', guard)).toBe(true);
    expect(await isTargetAllowed('https://nowhere.invalid/', guard)).toBe(true);
  });

  it('may lie in a network that the operator named, by address and by name', async () => {
    const server = createServer((_, response) => response.writeHead(204).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
    const exempt = addressGuard(['127.0.0.0/8', '::1/128']);
    for (const [kind, url] of [
      ['HTTP', `http://127.0.0.1:${port}/`],
      ['HTTP', `http://localhost:${port}/`],
      ['TCP', `tcp://127.0.0.1:${port}`],
      ['TCP', `tcp://localhost:${port}`],
    ] as const) {
      expect(await isTargetAllowed(url, exempt)).toBe(true);
      const probe = probing(kind, url, exempt);
      expect(await measure(probe, { timeoutMs: 2_000, now: Date.now })).toMatchObject({ isSuccess: true });
      await probe.close();
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('the words for a failure', () => {
  it('come from a list, through causes and aggregates, and hold no address', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.5:27017'), { code: 'ECONNREFUSED' });
    expect(describeFailure(refused)).toBe('connection refused');
    expect(describeFailure(new Error('x', { cause: refused }))).toBe('connection refused');
    expect(describeFailure(new AggregateError([new Error('y'), refused]))).toBe('connection refused');
    expect(describeFailure(new Error('LOADING Redis is loading the dataset in memory'))).toBe(
      'still loading its data',
    );
    expect(describeFailure(new ProbeFailure('HTTP status 500'))).toBe('HTTP status 500');
    expect(describeFailure(new Error('secret at 10.0.0.5'))).toBe('failed for an unknown reason');
    expect(describeFailure('no error')).toBe('failed for an unknown reason');
  });
});
