// From events to findings, and what people do with them.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, testViewer } from '@supergraph/chassis/testing';
import fc from 'fast-check';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';

let platform: TestPlatform;
let copy: Copy;
beforeAll(async () => {
  platform = await testPlatform();
  copy = await platform.start();
});
afterAll(() => platform.stop());

const fields = `id title severity status techniques ruleId ruleVersion rule { id title } subjects { field value }
  firstSeenAt lastSeenAt evidenceCount assignee { id } createdAt changedAt mergedIntoId`;
const list = `query ($filter: FindingFilter) { findings(first: 100, filter: $filter) { nodes { ${fields}
  evidence(first: 100) { nodes { securityEventId occurredAt securityEvent { type occurredAt } } } } } }`;

let tenants = 0;
function newTenant(): string {
  tenants += 1;
  return `ten_f${tenants}`;
}

async function ask(tenantId: string, query: string, variables: object = {}) {
  const { data, errors } = await platform.execute(copy, { query, variables, viewer: operatorOf(tenantId) });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

// biome-ignore lint/suspicious/noExplicitAny: tests read what they selected
async function findings(tenantId: string, filter: object = {}): Promise<any[]> {
  return (await ask(tenantId, list, { filter })).findings.nodes;
}

async function stored(tenantId: string): Promise<number> {
  return (await ask(tenantId, '{ securityEvents(first: 100) { nodes { id } } }')).securityEvents.nodes.length;
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** Failures of somebody, as many as there are instants. */
async function fail(tenantId: string, times: readonly string[], data: object = {}): Promise<void> {
  for (const time of times) await platform.tell('arthemiz.sign-in.failed.v1', { tenantId, data, time });
}

describe('a finding', () => {
  it('is made when the events add up, once, with all of them as its evidence', async () => {
    const tenantId = newTenant();
    const times = Array.from({ length: 12 }, (_, index) => minutesAgo(9 - index / 2));
    await fail(tenantId, times);
    const found = await eventually(async () => {
      const all = await findings(tenantId);
      return all[0]?.evidenceCount === 12 && all;
    });
    expect(found).toEqual([
      {
        ...{ id: expect.stringMatching(/^fnd_/), title: 'Brute force at one account', severity: 'MEDIUM' },
        ...{ status: 'NEW', techniques: ['T1110.001'], ruleId: 'brute-force', ruleVersion: 1 },
        rule: { id: 'brute-force', title: 'Brute force at one account' },
        subjects: [{ field: 'user.uid', value: 'per_olivia' }],
        ...{ firstSeenAt: times[0], lastSeenAt: times[11], evidenceCount: 12, assignee: null },
        ...{ createdAt: expect.any(String), changedAt: expect.any(String), mergedIntoId: null },
        evidence: {
          nodes: times.map((time) => ({
            ...{ securityEventId: expect.stringMatching(/^sev_/), occurredAt: time },
            securityEvent: { type: 'SIGN_IN_FAILED', occurredAt: time },
          })),
        },
      },
    ]);
  });

  it('is pushed as it is made, and as it grows', async () => {
    const tenantId = newTenant();
    const watch = await platform.watchFindings(copy, { viewer: operatorOf(tenantId) });
    await platform.tell('arthemiz.refresh-token.reused.v1', { tenantId });
    expect(await watch.next()).toMatchObject({
      ruleId: 'refresh-token-reused',
      evidenceCount: 1,
      status: 'NEW',
    });
    await platform.tell('arthemiz.refresh-token.reused.v1', { tenantId });
    expect(await watch.next()).toMatchObject({ ruleId: 'refresh-token-reused', evidenceCount: 2 });
  });

  it('is the same whatever the order in which its events arrive, and whichever arrive together, at two copies', async () => {
    const second = await platform.start();
    // Two bursts of one person that belong together only by a third between them, and one of somebody else's.
    const burst = (start: number, personId: string) =>
      Array.from({ length: 10 }, (_, index) => ({ at: start + index * 10_000, personId }));
    const events = [
      ...burst(0, 'per_a'),
      ...burst(110 * 60_000, 'per_a'),
      ...burst(55 * 60_000, 'per_a'),
      ...burst(5 * 60_000, 'per_b'),
    ];
    const base = Date.now() - 4 * 3_600_000;
    const outcome = async (order: readonly (typeof events)[number][], together = 1) => {
      const tenantId = newTenant();
      for (let first = 0; first < order.length; first += together) {
        await Promise.all(
          order.slice(first, first + together).map(({ at, personId }) => {
            const time = new Date(base + at).toISOString();
            const data = { personId, ipAddress: null };
            return platform.tell('arthemiz.sign-in.failed.v1', { tenantId, data, time });
          }),
        );
      }
      await eventually(async () => (await stored(tenantId)) === events.length, { timeoutMs: 120_000 });
      const all = await findings(tenantId);
      return all
        .map(({ ruleId, subjects, evidence, firstSeenAt, lastSeenAt, evidenceCount }) => ({
          ...{ ruleId, subjects, firstSeenAt, lastSeenAt, evidenceCount },
          evidence: evidence.nodes.map(({ occurredAt }: { occurredAt: string }) => occurredAt),
        }))
        .sort((left, right) => left.subjects[0].value.localeCompare(right.subjects[0].value));
    };
    const expected = await outcome(events);
    expect(expected.map(({ evidenceCount }) => evidenceCount)).toEqual([30, 10]);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
        fc.constantFrom(1, 7, events.length),
        async (order, together) => expect(await outcome(order, together)).toEqual(expected),
      ),
      { numRuns: 5, endOnFailure: true },
    );
    await second.stop();
  }, 480_000);

  it('belongs to its tenant alone, and takes a permission', async () => {
    const tenantId = newTenant();
    await platform.tell('arthemiz.code.reused.v1', { tenantId });
    const [found] = await eventually(async () => {
      const all = await findings(tenantId);
      return all.length > 0 && all;
    });
    const elsewhere = newTenant();
    expect(await findings(elsewhere)).toEqual([]);
    const one = 'query ($id: ID!) { finding(id: $id) { id } }';
    expect((await ask(elsewhere, one, { id: found.id })).finding).toBeNull();
    const viewer = testViewer({ tenantId, permissions: ['security-event:read'] });
    const { errors } = await platform.execute(copy, { query: one, variables: { id: found.id }, viewer });
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });

  it('goes from status to status as people decide, opens again with what happens later, and is given to somebody', async () => {
    const tenantId = newTenant();
    await platform.tell('arthemiz.code.reused.v1', { tenantId, time: minutesAgo(10) });
    const [{ id }] = await eventually(async () => {
      const all = await findings(tenantId);
      return all.length > 0 && all;
    });
    const change = `mutation ($id: ID!, $status: FindingStatus!) { changeFindingStatus(input: { id: $id, status: $status }) {
      finding { status } errors { __typename message } } }`;
    const to = async (status: string) => (await ask(tenantId, change, { id, status })).changeFindingStatus;
    expect(await to('TRIAGED')).toEqual({ finding: { status: 'TRIAGED' }, errors: [] });
    expect(await to('NEW')).toMatchObject({
      finding: null,
      errors: [{ __typename: 'FindingStatusRefused' }],
    });
    const assign = `mutation ($id: ID!, $personId: ID) { assignFinding(input: { id: $id, personId: $personId }) {
      finding { assignee { id } } errors { __typename } } }`;
    expect((await ask(tenantId, assign, { id, personId: 'per_mia' })).assignFinding).toEqual({
      ...{ finding: { assignee: { id: 'per_mia' } }, errors: [] },
    });
    expect((await ask(tenantId, assign, { id, personId: 'nobody' })).assignFinding.errors).toEqual([
      { __typename: 'InvalidDetectionInput' },
    ]);
    expect(await to('RESOLVED')).toMatchObject({ errors: [] });
    // What had happened before it was resolved doesn't open it.
    await platform.tell('arthemiz.code.reused.v1', { tenantId, time: minutesAgo(5) });
    const late = await eventually(async () => {
      const [one] = await findings(tenantId);
      return one.evidenceCount === 2 && one;
    });
    expect(late.status).toBe('RESOLVED');
    await platform.tell('arthemiz.code.reused.v1', { tenantId });
    expect(
      await eventually(async () => (await findings(tenantId, { statuses: ['NEW'] }))[0] ?? false),
    ).toMatchObject({
      ...{ id, evidenceCount: 3 },
    });
  });
});
