// Lists in pages, as a client of the schema walks through them.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from './testing/platform.ts';

const viewer = operatorOf('ten_a');
const at = new Date('2026-01-31T09:30:00.000Z');
const expiresAt = new Date(Date.now() + 86_400_000);
const later = (ms: number) => new Date(at.getTime() + ms);

let platform: TestPlatform;
let copy: Copy;
let serviceId = '';
let checkId = '';
beforeAll(async () => {
  platform = await testPlatform([]);
  copy = await platform.start();
  await inTenant('ten_a', async () => {
    const { Service, Check, HealthEvent, Result } = copy.service.models;
    const names = ['s0', 's1', 's2', 's3', 's4'];
    const services = await Service.insertMany(names.map((name) => ({ name, createdAt: at })));
    serviceId = String(services[0]?._id);
    const [check] = await Check.create([
      {
        ...{ serviceId, name: 'c', kind: 'HTTP' as const, isPaused: true, createdAt: at, dueAt: at },
        ...{ intervalMs: 60_000, timeoutMs: 50, downAfterMs: 0, upAfterMs: 0 },
        ...{ status: 'UP' as const, statusSince: at },
      },
    ]);
    checkId = String(check?._id);
    // Two of five at the same moment, on the border between two pages.
    const changes = [0, 1, 1, 2, 3].map((second, index) => ({
      ...{ serviceId, checkId, occurredAt: later(second * 1_000), message: `m${index}` },
      ...{ previousStatus: 'UP' as const, status: 'DOWN' as const, expiresAt },
    }));
    await HealthEvent.insertMany(changes);
    await Result.insertMany(
      [0, 1, 1, 2, 3].map((second, index) => ({
        ...{
          at: later(second * 1_000),
          meta: { checkId },
          isSuccess: true,
          latencyMs: 1,
          message: `m${index}`,
        },
      })),
    );
  });
});
afterAll(() => platform.stop());

interface Page {
  edges: Array<{ cursor: string; node: { label: string } }>;
  nodes: Array<{ label: string }>;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}
const page = (label: string) =>
  `{ edges { cursor node { label: ${label} } } nodes { label: ${label} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;
const given = '(first: $first, after: $after)';

const lists = [
  {
    name: 'services',
    query: `query ($first: Int, $after: String) { services${given} ${page('name')} }`,
    id: () => '',
    // biome-ignore lint/suspicious/noExplicitAny: tests read what they selected
    read: (data: any): Page => data.services,
    // ids are made within one millisecond, yet in order
    expected: ['s0', 's1', 's2', 's3', 's4'],
  },
  {
    name: 'events of a service',
    query: `query ($id: ID!, $first: Int, $after: String) { service(id: $id) { events${given} ${page('message')} } }`,
    id: () => serviceId,
    // biome-ignore lint/suspicious/noExplicitAny: tests read what they selected
    read: (data: any): Page => data.service.events,
    expected: ['m4', 'm3', 'm2', 'm1', 'm0'],
  },
  {
    name: 'results of a check',
    query: `query ($id: _Any!, $first: Int, $after: String) { _entities(representations: [$id]) { ... on Check { results${given} ${page('message')} } } }`,
    id: () => ({ __typename: 'Check', id: checkId }),
    // biome-ignore lint/suspicious/noExplicitAny: tests read what they selected
    read: (data: any): Page => data._entities[0].results,
    expected: null,
  },
];

describe.each(lists)('the list of $name', ({ query, id, read, expected }) => {
  const ask = (variables: object) =>
    platform.execute(copy, { query, variables: { id: id(), ...variables }, viewer });

  it('is walked from page to page without a gap or a repeat, in its order', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 4; pages += 1) {
      const { data } = await ask({ first: 2, after });
      const { edges, nodes, pageInfo } = read(data);
      expect(nodes).toEqual(edges.map(({ node }) => node));
      expect(pageInfo).toEqual({
        hasNextPage: pages < 2,
        hasPreviousPage: pages > 0,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      });
      seen.push(...nodes.map(({ label }) => label));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    // Rows of a time series have ids of MongoDB's making: those of one moment stand in either order.
    const inOrder = expected ?? ['m4', 'm3', ...(seen[2] === 'm2' ? ['m2', 'm1'] : ['m1', 'm2']), 'm0'];
    expect(seen).toEqual(inOrder);
  });

  it('has pages of 1 to 100 and takes its own cursors alone', async () => {
    for (const first of [0, -1, 101]) {
      expect((await ask({ first })).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
    const foreign = Buffer.from(JSON.stringify(['-other', 'x', 'y'])).toString('base64url');
    for (const after of ['nonsense', foreign]) {
      expect((await ask({ after })).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
    expect(read((await ask({ first: 100 })).data).nodes).toHaveLength(5);
  });
});
