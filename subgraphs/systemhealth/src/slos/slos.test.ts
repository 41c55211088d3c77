// From an OpenSLO document to a burn alert, through the subgraph's schema and on the real services.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually, subscribe } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { startTarget, type Target } from '../testing/target.ts';
import { createCounter } from './counting.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
let platform: TestPlatform;
let copy: Copy;
let target: Target;
let tenants = 0;
let tenantId = '';

beforeAll(async () => {
  target = await startTarget();
  platform = await testPlatform([{ slug: 'web', name: 'Web', kind: 'HTTP', url: target.url }]);
  copy = await platform.start();
}, 480_000);
afterAll(async () => {
  await platform.stop();
  await target.stop();
});
beforeEach(async () => {
  await target.start();
  tenants += 1;
  tenantId = `ten_slos${tenants}`;
});

async function ask(query: string, variables: object = {}) {
  const answer = await platform.execute(copy, { query, variables, viewer: operatorOf(tenantId) });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

async function mutate(name: string, input: object, selection: string) {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
  const errors = 'errors { __typename message ... on InvalidHealthInput { field } }';
  const query = `mutation ($input: ${type}) { ${name}(input: $input) { ${selection} ${errors} } }`;
  return (await ask(query, { input }))[name];
}

const documentOf = ({ service = 'Shop', goal = '0.999', name = 'front-page', spec = '' } = {}) => `
apiVersion: openslo/v1
kind: SLO
metadata: { name: ${name} }
spec:
  service: ${service}
  indicator:
    spec:
      ratioMetric:
        bad: { metricSource: { type: SystemHealth, spec: { measure: failures ${spec} } } }
        total: { metricSource: { type: SystemHealth, spec: { measure: runs ${spec} } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: ${goal} }]
`;

async function newSlo(given: Parameters<typeof documentOf>[0] = {}, more: object = {}): Promise<string> {
  const made = await mutate('createSlo', { document: documentOf(given), ...more }, 'slo { id }');
  expect(made.errors).toEqual([]);
  return made.slo.id;
}

/** A check that nobody runs, whose runs the test records. */
async function newCheck() {
  return inTenant(tenantId, async () => {
    const createdAt = new Date();
    const never = new Date(Date.now() + 86_400_000);
    const { _id: serviceId } = await copy.service.models.Service.create({ name: 'Shop', createdAt });
    const check = await copy.service.models.Check.create({
      ...{ serviceId, name: 'Home', kind: 'HTTP', target: 'http://x.test', createdAt, dueAt: never },
      ...{ intervalMs: 60_000, timeoutMs: 1_000, downAfterMs: 0, upAfterMs: 0 },
      ...{ status: 'UP', statusSince: createdAt, missingAt: never },
    });
    return { _id: check._id, serviceId, tenantId, latencyThresholdsMs: [], latestResult: null };
  });
}
type TestCheck = Awaited<ReturnType<typeof newCheck>>;

/** One run in each of `seconds`, from so long ago on. */
function record(
  check: TestCheck,
  { agoMs, seconds, isSuccess }: { agoMs: number; seconds: number; isSuccess: boolean },
) {
  const begin = Date.now() - agoMs;
  const observations = Array.from({ length: seconds }, (_, second) => ({
    ...{ at: begin + second * 1_000, isSuccess, latencyMs: 1, message: null },
  }));
  const count = createCounter(copy.service);
  return inTenant(tenantId, () => count([{ check, observations }]));
}

const standing = async (id: string) =>
  (
    await ask(
      'query ($id: ID!) { slo(id: $id) { budget { good total consumed knownRatio } burnRates { kind longRate shortRate isBurning } policy { isReached } days { total knownMinutes } } }',
      { id },
    )
  ).slo;
const alerts = async () =>
  (
    await ask(
      '{ alerts { nodes { state severity summary message labels { name } firedAt transitions { kind } } } }',
    )
  ).alerts.nodes;

describe('an objective', () => {
  it('keeps its document as it was given, and says where a wrong one is wrong', async () => {
    await newCheck();
    const id = await newSlo();
    const { slo } = await ask(
      'query ($id: ID!) { slo(id: $id) { document target service { name } indicator { checkId } } }',
      { id },
    );
    expect(slo).toEqual({
      ...{ document: documentOf(), target: 0.999, service: { name: 'Shop' }, indicator: { checkId: null } },
    });
    const fieldsOf = async (document: string) =>
      (await mutate('createSlo', { document }, 'slo { id }')).errors.map(
        ({ __typename, field }: { __typename: string; field?: string }) => field ?? __typename,
      );
    expect(await fieldsOf(documentOf({ service: 'Nowhere', name: 'other' }))).toEqual([
      'document.spec.service',
    ]);
    expect(await fieldsOf(documentOf({ goal: '2', name: 'other' }))).toEqual([
      'document.spec.objectives.0.target',
    ]);
    expect(await fieldsOf(documentOf({ spec: ', check: Attic', name: 'other' }))).toEqual([
      'document.spec.indicator.spec.ratioMetric.total.metricSource.spec.check',
    ]);
    expect(await fieldsOf(documentOf())).toEqual(['SloNameTaken']);
  });

  it('counts each recorded run once, however often it is told, and knows nothing of minutes without one', async () => {
    const check = await newCheck();
    const id = await newSlo();
    const runs = [{ at: Date.now() - 5_000, isSuccess: true, latencyMs: 1, message: null }];
    await inTenant(tenantId, async () => {
      await createCounter(copy.service)([{ check, observations: runs }]);
      // Another copy that took over, and was told of the same run.
      await createCounter(copy.service)([{ check, observations: runs }]);
    });
    await eventually(async () =>
      expect((await standing(id)).budget).toMatchObject({ good: 1, total: 1, consumed: 0 }),
    );
    const { budget, burnRates, days } = await standing(id);
    expect(budget.knownRatio).toBeLessThan(0.001);
    expect(burnRates).toHaveLength(4);
    expect(days).toEqual([{ total: 1, knownMinutes: 1 }]);
  });

  it('of which nothing is known has a budget that is unknown, not a full one', async () => {
    await newCheck();
    const id = await newSlo();
    await eventually(async () => expect((await standing(id)).budget).not.toBeNull());
    const { budget, burnRates } = await standing(id);
    expect(budget).toEqual({ good: 0, total: 0, consumed: null, knownRatio: 0 });
    expect(burnRates[0]).toEqual({ kind: 'PAGE', longRate: null, shortRate: null, isBurning: null });
  });

  it('tells once that its budget is exhausted, with what the policy says', async () => {
    const check = await newCheck();
    const policy = [
      { consumedRatio: 0.5, note: 'Be careful.' },
      { consumedRatio: 1, note: 'No releases.' },
    ];
    // Before it is first measured: what is told later of so long ago comes too late.
    await record(check, { agoMs: 3 * hourMs, seconds: 900, isSuccess: true });
    await record(check, { agoMs: 2 * hourMs, seconds: 100, isSuccess: false });
    const id = await newSlo({}, { policy, hasAlerts: false });
    const outbox = copy.service.connection.collection('outbox');
    const told = () =>
      outbox.find({ 'event.subject': id, 'event.type': /^systemhealth\.error-budget/ }).toArray();
    await eventually(async () => expect(await told()).toHaveLength(1));
    expect((await told())[0]?.event).toMatchObject({
      type: 'systemhealth.error-budget.exhausted.v1',
      data: { sloId: id, good: 900, total: 1_000, notes: ['Be careful.', 'No releases.'] },
    });
    await record(check, { agoMs: hourMs, seconds: 100, isSuccess: false });
    await eventually(async () => expect((await standing(id)).budget.total).toBe(1_100));
    expect(await told()).toHaveLength(1);
    expect((await standing(id)).policy).toEqual([{ isReached: true }, { isReached: true }]);
    expect(await alerts()).toEqual([]);
  });
});

const page = async () =>
  (await alerts()).find(({ severity }: { severity: string }) => severity === 'CRITICAL');

describe('a burn alert', () => {
  it('needs both of its windows, and ends with the short one', async () => {
    const check = await newCheck();
    const id = await newSlo();
    // Bad enough for an hour, but over for longer than the short window.
    await record(check, { agoMs: 50 * minuteMs, seconds: 600, isSuccess: true });
    await record(check, { agoMs: 30 * minuteMs, seconds: 300, isSuccess: false });
    await record(check, { agoMs: 3 * minuteMs, seconds: 60, isSuccess: true });
    await eventually(async () => {
      const { burnRates } = await standing(id);
      expect(burnRates[0].longRate).toBeGreaterThan(14.4);
      expect(burnRates[0]).toMatchObject({ shortRate: 0, isBurning: false });
    });
    // The windows of half an hour and six hours are both burning: they fire by themselves.
    await eventually(async () => expect((await page()).state).toBe('FIRING'));
    await mutate('deleteSlo', { id }, 'deletedSloId');
    await eventually(async () => expect((await page()).state).toBe('RESOLVED'));

    // The same in an objective that has not burnt for half an hour.
    tenantId = `${tenantId}b`;
    const calm = await newCheck();
    const other = await newSlo();
    await record(calm, { agoMs: 55 * minuteMs, seconds: 60, isSuccess: false });
    await record(calm, { agoMs: 10 * minuteMs, seconds: 300, isSuccess: true });
    await record(calm, { agoMs: 3 * minuteMs, seconds: 60, isSuccess: true });
    await eventually(async () => expect((await standing(other)).burnRates[0].longRate).toBeGreaterThan(14.4));
    expect((await alerts()).filter(({ severity }: { severity: string }) => severity === 'CRITICAL')).toEqual(
      [],
    );
    const changes = await subscribe({
      url: copy.url,
      environment: platform.environment,
      viewer: operatorOf(tenantId),
      query: 'subscription { errorBudgetChanged { id burnRates { isBurning } } }',
    });
    const first = changes.next();
    await record(calm, { agoMs: 30_000, seconds: 20, isSuccess: false });
    await eventually(async () => {
      const found = await page();
      expect(found).toMatchObject({ state: 'FIRING', summary: 'front-page burns its error budget' });
      expect(found.message).toMatch(/times its budget over 1 h and .* times over 5 min; the limit is 14.4/);
      expect(found.labels.map(({ name }: { name: string }) => name)).toEqual([
        'rule',
        'severity',
        'service',
        'slo',
      ]);
    });
    expect((await first).value.data.errorBudgetChanged).toMatchObject({ id: other });
    await changes.return?.();
  });

  it('fires for a total outage as soon as the arithmetic allows', async () => {
    await platform.createTenant(copy, tenantId, 1);
    const { services } = await ask('{ services { nodes { id checks { id } } } }');
    const [{ id: serviceId, checks }] = services.nodes;
    // Ten runs a second for eight hours, all good, so that the windows of six hours are full: of 99.99 % it takes 14.4 × 0.0001 × 3,600 s = 5.2 s to be too many.
    await inTenant(tenantId, () => {
      const now = Date.now();
      return copy.service.models.CheckHour.insertMany(
        Array.from({ length: 9 }, (_, back) => {
          const at = Math.floor(now / hourMs - back) * hourMs;
          const past = (_: unknown, minute: number) => [minute, { good: 600, total: 600 }] as const;
          const minutes = Array.from({ length: 60 }, past).filter(
            ([minute]) => at + minute * minuteMs < now - minuteMs,
          );
          return {
            ...{ _id: `history-${back}-${tenantId}`, checkId: checks[0].id, serviceId, at: new Date(at) },
            ...{
              lastAt: new Date(0),
              expiresAt: new Date(now + hourMs),
              minutes: Object.fromEntries(minutes),
            },
          };
        }),
      );
    });
    const id = await newSlo({ service: 'Web', goal: '0.9999' });
    await eventually(async () => expect((await standing(id)).budget?.total).toBeGreaterThan(30_000));
    await target.stop();
    const begun = Date.now();
    const fired = await eventually(async () => {
      const found = (await alerts()).find(
        ({ summary, severity }: { summary: string; severity: string }) =>
          /burns/.test(summary) && severity === 'CRITICAL',
      );
      return found?.state === 'FIRING' && found;
    });
    const seconds = (Date.parse(fired.firedAt) - begun) / 1_000;
    process.stderr.write(`total outage to burn alert: ${seconds.toFixed(1)} s, the floor being 5.2 s\n`);
    expect(seconds).toBeGreaterThan(4);
  });
});
