// What the platform promises of its parts, through the subgraph's schema and on the real services.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { startTarget, type Target } from '../testing/target.ts';
import { grantCredit } from './sla.ts';
import { settledMonth } from './sla-rules.ts';

const tenantId = 'ten_promised';
let target: Target;
let platform: TestPlatform;
let copy: Copy;
beforeAll(async () => {
  target = await startTarget();
  platform = await testPlatform([{ slug: 'web', name: 'Web', kind: 'HTTP', url: target.url }], {
    SLA_CREDIT_TIERS: JSON.stringify([{ belowRatio: 0.999, creditBasisPoints: 1_000 }]),
  });
  copy = await platform.start();
  await platform.createTenant(copy, tenantId);
}, 480_000);
afterAll(async () => {
  await platform.stop();
  await target.stop();
});

async function ask(query: string, variables: object = {}) {
  const answer = await platform.execute(copy, { query, variables, viewer: operatorOf(tenantId) });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

describe('what the platform promises of a part', () => {
  it('is an objective of each tenant that the tenant can’t change', async () => {
    const { slos } = await ask('{ slos { nodes { id name isBuiltIn budgetingMethod } } }');
    expect(slos.nodes).toMatchObject([
      { name: 'platform-web', isBuiltIn: true, budgetingMethod: 'TIMESLICES' },
    ]);
    const [{ id }] = slos.nodes;
    const { deleteSlo } = await ask(
      'mutation ($id: ID!) { deleteSlo(input: { id: $id }) { errors { __typename } } }',
      { id },
    );
    expect(deleteSlo.errors).toEqual([{ __typename: 'SloProtected' }]);
  });

  it('is reported by the month, and a worse month is credited once', async () => {
    const now = Date.now();
    const month = settledMonth(now);
    const { models, connection } = copy.service;
    await inTenant(tenantId, async () => {
      const slo = await models.Slo.findOne().orFail().lean();
      await models.Slo.updateOne({ _id: slo._id }, { $set: { createdAt: new Date(month.startsAt) } });
      await models.SlaCredit.deleteMany({});
      await models.SloDay.create({
        ...{ _id: `${slo._id}:old`, sloId: slo._id, at: new Date(month.startsAt) },
        ...{ hours: { 5: { good: 0, total: 60, minutes: 60 } }, expiresAt: new Date(now + 86_400_000) },
      });
      await Promise.all([grantCredit(copy.service, now), grantCredit(copy.service, now)]);
      await grantCredit(copy.service, now);
    });
    const told = await connection
      .collection('outbox')
      .find({ 'event.type': 'systemhealth.sla-credit.granted.v1' })
      .toArray();
    expect(told.map(({ event }) => event.data)).toMatchObject([
      { month: month.name, creditBasisPoints: 1_000 },
    ]);
    await eventually(async () => {
      const { slaReport } = await ask(
        'query ($month: String!) { slaReport(month: $month) { isFinal creditBasisPoints grantedAt parts { name badMinutes } } }',
        { month: month.name },
      );
      expect(slaReport).toEqual({
        ...{ isFinal: true, creditBasisPoints: 1_000, grantedAt: expect.any(String) },
        parts: [{ name: 'Web', badMinutes: 60 }],
      });
    });
  });
});
