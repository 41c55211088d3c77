// Another supergraph takes the place of the one that is served, under load, and a bad one does not.
import { readFileSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import type { RunningGateway } from '../gateway.ts';
import { openLiveClient } from '../testing/live-client.ts';
import { type Platform, startPlatform, supergraphFile } from '../testing/platform.ts';

const original = readFileSync(supergraphFile, 'utf8');
/** The same, with `Tenant.slug` under another name. */
const renamed = original.replace(
  'slug: String @join__field(graph: ARTHEMIZ)',
  'shortName: String @join__field(graph: ARTHEMIZ)',
);
let platform: Platform;
let gateway: RunningGateway;
let folder: string;
let file: string;
let tenantId: string;
let token: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supergraph-'));
  file = join(folder, 'supergraph.graphql');
  await writeFile(file, original);
  platform = await startPlatform({
    env: { SUPERGRAPH_FILE: file },
    bounds: { supergraph: { pollMs: 20, longestOperationMs: 1_000 } },
  });
  gateway = platform.gateway;
  tenantId = (await platform.tenant({ name: 'Acme' }))._id;
  token = await platform.token({ tenantId, permissions: ['tenant:read', 'service:read'] });
});
afterEach(async () => {
  await replaceFile(original);
  await eventually(hasSlug);
  await eventually(async () => expect(await retired()).toBe(0));
});
afterAll(async () => {
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Puts another file in the place of the one that is there, as deployments do. */
async function replaceFile(text: string): Promise<void> {
  await writeFile(`${file}.next`, text);
  await rename(`${file}.next`, file);
}

const ask = (query: string) => platform.query(query, { token });
const hasSlug = async () => (await ask('{ tenant { slug } }')).errors === undefined;
const reloads = (outcome: string) =>
  platform.metric(gateway, 'gateway_supergraph_reloads_total', { outcome });
const retired = () => platform.metric(gateway, 'gateway_supergraphs_retired');
const readiness = async () => {
  const response = await fetch(`${gateway.url}/health/ready`);
  const { checks } = (await response.json()) as { checks: Record<string, string> }; // what Health answers
  return { status: response.status, supergraph: checks.supergraph };
};
const hashes = async () => {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return [...text.matchAll(/^gateway_supergraph_info\{.*hash="(\w+)"/gm)].map(([, hash]) => hash);
};

describe('another supergraph', () => {
  it('is served from the next operation on, and no request is dropped meanwhile', async () => {
    const before = await hashes();
    expect(before).toHaveLength(1);
    let isOver = false;
    const answers: unknown[] = [];
    const clients = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        const { data, errors } = await ask('{ tenant { name services { nodes { id } } } }');
        answers.push(errors ?? data);
      }
    });
    try {
      for (const text of [renamed, original, renamed]) {
        const applied = await reloads('applied');
        await replaceFile(text);
        await eventually(async () => expect(await reloads('applied')).toBe(applied + 1));
        expect(await hasSlug()).toBe(text === original);
      }
    } finally {
      isOver = true;
      await Promise.all(clients);
    }
    expect(answers.length).toBeGreaterThan(10);
    expect(new Set(answers.map((data) => JSON.stringify(data)))).toEqual(
      new Set(['{"tenant":{"name":"Acme","services":{"nodes":[]}}}']),
    );
    expect(await hashes()).not.toEqual(before);
    expect(await ask('{ tenant { shortName } }')).toMatchObject({
      errors: [{ extensions: { code: expect.not.stringMatching('GRAPHQL_VALIDATION_FAILED') } }],
    });
    // What was under way is over after a while; then the old ones are gone.
    await eventually(async () => expect(await retired()).toBe(0));
  });

  it('has planned what was asked of the one before, when it is served', async () => {
    const developer = await platform.token({ tenantId, permissions: ['schema:read', 'service:read'] });
    const queries = Array.from(
      { length: 9 },
      (_, number) => `{ services(first: ${number + 1}) { nodes { id name checks { name status } } } }`,
    );
    const planningMs = async () => {
      const all: number[] = [];
      for (const query of queries) {
        const headers = { 'x-server-timing': '1' };
        const answer = await platform.query(query, { token: developer, headers });
        expect(answer.errors).toBeUndefined();
        all.push(Number(/plan;dur=([\d.]+)/.exec(answer.headers.get('server-timing') ?? '')?.[1]));
      }
      return all.sort((a, b) => a - b)[4] ?? Number.NaN; // the median
    };
    const anew = await planningMs();
    const applied = await reloads('applied');
    await replaceFile(renamed);
    await eventually(async () => expect(await reloads('applied')).toBe(applied + 1));
    expect(await planningMs()).toBeLessThan(anew / 5);
  });

  it('leaves subscriptions that are open where they are, until they end', async () => {
    const client = openLiveClient({ url: gateway.url, token });
    const watched = client.watch('subscription { healthChanged { message tenant { slug } } }');
    await platform.health.heard(tenantId);
    await replaceFile(renamed);
    await eventually(async () => expect(await hasSlug()).toBe(false));
    const service = await platform.health.service(tenantId);
    await platform.health.change(service, 'after the change');
    await eventually(async () =>
      expect(watched.results).toMatchObject([
        { data: { healthChanged: { message: 'after the change', tenant: { slug: expect.any(String) } } } },
      ]),
    );
    // Both are served by one connection to the subgraph; the new one's subscribers get events too.
    const next = client.watch('subscription { healthChanged { message } }');
    await platform.health.heard(tenantId, 2);
    await platform.health.change(service, 'for both');
    await eventually(async () => expect([watched.results.length, next.results.length]).toEqual([2, 1]));
    expect(await retired()).toBe(1);
    await client.close();
    await eventually(async () => expect(await retired()).toBe(0));
  });
});

describe('a supergraph that cannot be served', () => {
  it.each([
    ['is none', 'type Query { a: Int }'],
    ['is cut off', original.slice(0, original.length / 2)],
    ['has a subgraph without a URL', original.replace('name: "sentinel"', 'name: "nobody"')],
  ])('that %s leaves the one before; readiness and metrics tell', async (_, text) => {
    const refused = await reloads('refused');
    await replaceFile(text);
    await eventually(async () => expect(await readiness()).toEqual({ status: 200, supergraph: 'down' }));
    expect(await reloads('refused')).toBe(refused + 1);
    expect(await hasSlug()).toBe(true);
    await replaceFile(original);
    await eventually(async () => expect(await readiness()).toEqual({ status: 200, supergraph: 'up' }));
    expect(await hasSlug()).toBe(true);
  });

  it('that is taken away leaves it too, until there is one again', async () => {
    await rm(file);
    await eventually(async () => expect(await readiness()).toEqual({ status: 200, supergraph: 'down' }));
    expect(await hasSlug()).toBe(true);
    await replaceFile(renamed);
    await eventually(async () => expect(await hasSlug()).toBe(false));
    expect(await readiness()).toEqual({ status: 200, supergraph: 'up' });
  });
});
