import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import fc from 'fast-check';
import { type FindingStatus, findingStatuses, severities } from '../findings/rules.ts';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { type Counted, risksOf, weightOf, weights } from './rules.ts';

const now = new Date('2026-11-30T12:00:00.000Z');
const decay = { now, halfLifeDays: 7 };
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

const finding = (given: Partial<Counted> = {}): Counted => ({
  ...{ _id: 'fnd_1', severity: 'HIGH', status: 'NEW', lastSeenAt: now },
  subjects: [{ field: 'user.uid', value: 'per_olivia' }],
  ...given,
});

describe('the weight of a finding', () => {
  it('halves with each half-life', () => {
    expect(weightOf(finding(), decay)).toBe(50);
    expect(weightOf(finding({ lastSeenAt: daysAgo(7) }), decay)).toBeCloseTo(25);
    expect(weightOf(finding({ lastSeenAt: daysAgo(21) }), decay)).toBeCloseTo(6.25);
    expect(weightOf(finding({ lastSeenAt: daysAgo(71) }), decay)).toBe(0);
  });

  it('is nothing for a false positive, and for what became part of another', () => {
    expect(weightOf(finding({ status: 'FALSE_POSITIVE' }), decay)).toBe(0);
    expect(weightOf(finding({ mergedIntoId: 'fnd_2' }), decay)).toBe(0);
    expect(weightOf(finding({ status: 'RESOLVED' }), decay)).toBe(50);
  });
});

describe('a risk', () => {
  const findings = fc.array(
    fc.record({
      _id: fc.uuid(),
      severity: fc.constantFrom(...severities),
      status: fc.constantFrom<FindingStatus>(...findingStatuses),
      lastSeenAt: fc.integer({ min: 0, max: 100 }).map(daysAgo),
      subjects: fc.constantFrom('per_a', 'per_b').map((value) => [{ field: 'user.uid', value }]),
    }),
    { maxLength: 30 },
  );

  it('is the same in whichever order the findings come, and never grows while nothing is found', () => {
    const later = { ...decay, now: new Date(now.getTime() + 3 * 86_400_000) };
    fc.assert(
      fc.property(findings, (all) => {
        const scores = risksOf(all, decay).map(({ value, score }) => [value, score]);
        expect(risksOf([...all].reverse(), decay).map(({ value, score }) => [value, score])).toEqual(scores);
        const after = new Map(risksOf(all, later).map(({ value, score }) => [value, score]));
        for (const [value, score] of scores)
          expect(after.get(String(value)) ?? 0).toBeLessThanOrEqual(Number(score));
      }),
    );
  });

  it('says how many, how bad and which', () => {
    const subjects = [{ field: 'src_endpoint.ip', value: '192.0.2.7' }];
    const all = [
      finding({ _id: 'fnd_low', severity: 'LOW', lastSeenAt: daysAgo(1) }),
      finding({ _id: 'fnd_high' }),
      finding({ _id: 'fnd_net', subjects, severity: 'CRITICAL' }),
    ];
    expect(risksOf(all, decay)).toMatchObject([
      { kind: 'NETWORK', value: '192.0.2.7/32', score: 100, findingCount: 1, worstSeverity: 'CRITICAL' },
      { kind: 'PERSON', score: 54.5, findingIds: ['fnd_high', 'fnd_low'], lastSeenAt: now },
    ]);
  });
});

describe('the riskiest', () => {
  let platform: TestPlatform;
  let copy: Copy;
  beforeAll(async () => {
    platform = await testPlatform();
    copy = await platform.start();
  });
  afterAll(() => platform?.stop());

  it('are those of whom something was found, until it turns out to be nothing', async () => {
    const tenantId = 'ten_risk';
    const viewer = operatorOf(tenantId);
    const ask = async (query: string) => (await platform.execute(copy, { query, viewer })).data;
    await platform.tell('arthemiz.refresh-token.reused.v1', { tenantId });
    const query = `{ riskiestPrincipals(first: 5) { kind value person { id } score findingCount findings { id } }
      principalRisk(kind: PERSON, value: "per_olivia") { score }
      nobody: principalRisk(kind: PERSON, value: "per_nobody") { score worstSeverity } }`;
    const found = await eventually(async () => {
      const data = await ask(query);
      return data.riskiestPrincipals.length === 1 && data;
    });
    const [first] = found.riskiestPrincipals;
    expect(first).toMatchObject({ kind: 'PERSON', value: 'per_olivia', person: { id: 'per_olivia' } });
    expect(first.score).toBeGreaterThan(weights.HIGH - 1);
    expect(found.principalRisk.score).toBe(first.score);
    expect(found.nobody).toEqual({ score: 0, worstSeverity: null });
    await ask(
      `mutation { changeFindingStatus(input: { id: "${first.findings[0].id}", status: FALSE_POSITIVE }) { finding { id } } }`,
    );
    expect((await ask(query)).riskiestPrincipals).toEqual([]);
  });
});
