// Whatever viewers ask and whatever changes: what anybody is told is what the subgraph would tell them now, never what
// another was told, nor what was so before an event. Two processes, one Redis, random stories.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AnyCloudEvent, loadEventContracts } from '@supergraph/chassis/events';
import { createLogger } from '@supergraph/chassis/logging';
import { createPolicy } from '@supergraph/chassis/policy';
import { connectRedis } from '@supergraph/chassis/redis';
import { eventually, testEnvironment, testViewer } from '@supergraph/chassis/testing';
import { anonymous, type Viewer } from '@supergraph/chassis/viewer';
import fc from 'fast-check';
import { buildASTSchema, parse } from 'graphql';
import type { Redis } from 'ioredis';
import { Counter } from 'prom-client';
import { tagsChangedBy } from './changeTags.ts';
import { createEntryStore, type EntryStore } from './entryStore.ts';
import { createFetchCache, type FetchCache, type KeptFetch } from './fetchCache.ts';
import { createFlights } from './flights.ts';

const document = parse(/* GraphQL */ `
  directive @policy(policies: [[String!]!]!) on OBJECT | FIELD_DEFINITION
  directive @join__type(key: String) repeatable on OBJECT
  directive @cacheControl(maxAge: Int, scope: String, changedBy: [String!]) on FIELD_DEFINITION
  scalar _Any
  union _Entity = Tenant
  type Query @policy(policies: [["public"]]) {
    _entities(representations: [_Any!]!): [_Entity]!
    motto(of: String): String @cacheControl(maxAge: 300, changedBy: ["arthemiz.tenant.renamed.v1"])
  }
  type Tenant @join__type(key: "id") @policy(policies: [["public"]]) {
    id: ID!
    name: String @cacheControl(maxAge: 300, changedBy: ["arthemiz.tenant.renamed.v1(tenantId)"])
    note: String @cacheControl(maxAge: 300, scope: PRIVATE, changedBy: ["arthemiz.tenant.renamed.v1(tenantId)"])
  }
`);
const operations = {
  motto: 'query ($of: String) { motto(of: $of) }',
  name: 'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Tenant { name } } }',
  note: 'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Tenant { note } } }',
};
type Question = keyof typeof operations;

const tenants = ['ten_a', 'ten_b'];
const viewers: Viewer[] = [
  anonymous,
  ...tenants.flatMap((tenantId) =>
    [
      { subject: 'per_1', permissions: ['tenant:read'] },
      { subject: 'per_2', permissions: ['tenant:read'] },
      { subject: 'per_2', permissions: ['tenant:read'], clientId: 'ci' },
      { subject: 'per_3', permissions: [] },
      { subject: 'per_4', permissions: ['tenant:read', 'tenant:create'] },
      { subject: 'per_5', permissions: ['tenant:read'], roles: ['owner'] },
      { subject: 'per_6', permissions: ['tenant:read'], scopes: ['email'] },
    ].map((given) => testViewer({ tenantId, ...given })),
  ),
];

/** What the subgraph would tell: it may look at all of a passport, and for PRIVATE fields at the subject and client. */
function truth(
  asked: Question,
  viewer: Viewer,
  about: string,
  versions: ReadonlyMap<string, number>,
): string {
  const { tenantId, roles, permissions, scopes, isAnonymous, subject, clientId } = viewer;
  const rights = [tenantId, roles, [...permissions].sort(), [...scopes].sort(), isAnonymous];
  const own = asked === 'note' ? [subject, clientId] : [];
  const version = versions.get(asked === 'motto' ? (tenantId ?? '') : about) ?? 0;
  return JSON.stringify({ asked, about, rights, own, version });
}

const logger = createLogger({ service: 'test', level: 'silent' });
const contracts = loadEventContracts({ source: 'arthemiz' });
const lookups = new Counter({
  name: 'lookups',
  help: 'x',
  labelNames: ['subgraph', 'outcome'],
  registers: [],
});
let environment: Awaited<ReturnType<typeof testEnvironment>>;
let redis: Redis;
let stores: EntryStore[];
let stories = 0;
beforeAll(async () => {
  environment = await testEnvironment({ service: 'gateway' });
  redis = connectRedis({ url: environment.env.REDIS_URL ?? '', name: 'test', logger });
  await eventually(() => redis.status === 'ready');
  const { namespace } = environment;
  // A reading that is late would be gone without, and this is about what is read.
  stores = [0, 1].map(() => createEntryStore({ redis, namespace, logger, readMs: 5_000 }));
});
afterAll(async () => {
  redis?.disconnect();
  await environment?.dispose();
});

const hits = async () =>
  (await lookups.get()).values
    .filter(({ labels }) => labels.outcome === 'hit' || labels.outcome === 'joined')
    .reduce((sum, { value }) => sum + value, 0);

function openCaches(version: string): Array<Record<Question, KeptFetch>> {
  return stores.map((store) => {
    const cache = createFetchCache({
      ...{ document, version, store, lookups },
      schema: buildASTSchema(document, { assumeValid: true }),
      policy: createPolicy(document),
      flights: createFlights({ patienceMs: 5_000 }),
      hearsOf: () => true,
    });
    return { motto: keptBy(cache, 'motto'), name: keptBy(cache, 'name'), note: keptBy(cache, 'note') };
  });
}

function keptBy(cache: FetchCache, question: Question): KeptFetch {
  const kept = cache.of({ subgraph: 'arthemiz', operation: operations[question] });
  if (kept === undefined) throw new Error(`${question} is not kept.`);
  return kept;
}

interface Reading {
  process: number;
  viewer: number;
  question: Question;
  about: string[];
  /** Round trips to Redis before it is asked, and while the subgraph answers. */
  before: number;
  during: number;
  /** Whether the change of this tenant happens between the question and its answer. */
  changes: string | undefined;
}

const reading: fc.Arbitrary<Reading> = fc.record({
  process: fc.nat(1),
  viewer: fc.nat(3),
  before: fc.nat(3),
  during: fc.nat(3),
  question: fc.constantFrom<Question>('motto', 'name', 'note'),
  about: fc.uniqueArray(fc.constantFrom(...tenants), { minLength: 1, maxLength: 2 }),
  changes: fc.option(fc.constantFrom(...tenants), { nil: undefined, freq: 8 }),
});

function renamed(tenantId: string): AnyCloudEvent {
  return contracts.check(
    contracts.create('arthemiz.tenant.renamed.v1', {
      tenantId,
      subject: tenantId,
      data: { tenantId, name: 'x' },
    }),
  );
}

/** Few at a time, so that they meet. */
const cast = fc.uniqueArray(fc.constantFrom(...viewers), { minLength: 4, maxLength: 4 });
const steps = fc.array(fc.array(reading, { minLength: 1, maxLength: 6, size: 'max' }), {
  minLength: 6,
  maxLength: 16,
  size: 'max',
});

describe('what is kept', () => {
  it('is told to nobody else, and to nobody after its event', async () => {
    const run = fc.asyncProperty(cast, steps, async (viewersHere, story) => {
      stories += 1;
      const caches = openCaches(`story ${stories}`);
      const versions = new Map<string, number>();
      const change = async (tenantId: string) => {
        versions.set(tenantId, (versions.get(tenantId) ?? 0) + 1);
        const sources = [{ eventType: 'arthemiz.tenant.renamed.v1', property: 'tenantId' }];
        await stores[0]?.change(tagsChangedBy(renamed(tenantId), sources));
      };
      const ask = async ({ process, viewer: index, question, about, changes, ...trips }: Reading) => {
        const viewer = viewersHere[index] ?? anonymous;
        const kept = caches[process]?.[question];
        if (kept === undefined) throw new Error('There are two processes.');
        for (let trip = 0; trip < trips.before; trip += 1) await redis.ping();
        const before = new Map(versions);
        const [first = ''] = about;
        const items = question === 'motto' ? [first] : about;
        const lookup =
          question === 'motto'
            ? await kept.root(viewer, `"of":"${first}"`)
            : await kept.entities(
                viewer,
                '',
                items.map((id) => JSON.stringify({ __typename: 'Tenant', id })),
              );
        // The subgraph answers by what it knows when it is asked.
        const told = items.map((id) => truth(question, viewer, id, versions));
        if (changes) await change(changes);
        // Its answer takes its time.
        for (let trip = 0; trip < trips.during; trip += 1) await redis.ping();
        lookup.settle(told.map((text, at) => (lookup.texts[at] === undefined ? text : undefined)));
        for (const [at, text] of lookup.texts.entries()) {
          if (text === undefined) continue;
          const id = items[at] ?? '';
          // Between the question and now others may have changed it; nothing older than the question is right.
          const right = [before, versions].map((at) => truth(question, viewer, id, at));
          const { version, ...rest } = JSON.parse(text) as { version: number };
          const [oldest = '', newest = ''] = right;
          expect({ ...JSON.parse(newest), version: 0 }).toEqual({ ...rest, version: 0 });
          expect(version).toBeGreaterThanOrEqual(JSON.parse(oldest).version);
          expect(version).toBeLessThanOrEqual(JSON.parse(newest).version);
        }
      };
      // The readings of a step happen at once, the steps one after the other.
      for (const step of story) await Promise.all(step.map(ask));
    });
    await fc.assert(run, { numRuns: 30, endOnFailure: true });
    expect(await hits()).toBeGreaterThan(20);
  });
});
