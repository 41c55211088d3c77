// For the matrix: what a tenant has promised of its services, and how that goes.
import { inTenant } from '@supergraph/chassis/tenancy';
import type { SystemHealth } from '../../../subgraphs/systemhealth/src/context.ts';
import { errorBudgetChangedTopic } from '../../../subgraphs/systemhealth/src/slos/live.ts';
import type { WatchedService } from '../testing/health-changes.ts';

const farOff = () => new Date(Date.now() + 86_400_000);

/** An objective of one check, measured once, whose budget is consumed. */
export async function seedObjectives(
  { models }: SystemHealth,
  { tenantId, serviceId, checkId }: WatchedService,
): Promise<{ slo: string }> {
  const now = new Date();
  const day = new Date(Math.floor(now.getTime() / 86_400_000) * 86_400_000);
  return inTenant(tenantId, async () => {
    const slo = await models.Slo.create({
      ...{ document: 'x', name: 'seeded', displayName: 'Seeded', description: 'x', serviceId, target: 0.9 },
      indicator: { kind: 'CHECKS', checkId, serviceId, latencyMs: 100 },
      window: { kind: 'ROLLING', durationMs: 86_400_000 },
      policy: [{ consumedRatio: 1, note: 'x' }],
      creditTiers: [{ belowRatio: 0.9, creditBasisPoints: 100 }],
      ...{ createdAt: now, measureAt: farOff(), isExhausted: true },
      standing: {
        ...{ measuredAt: now, startsAt: now, endsAt: now, good: 1, total: 2, consumed: 5, remaining: -4 },
        knownRatio: 1,
        burnRates: [
          { kind: 'PAGE', longMs: 2, shortMs: 1, factor: 1, longRate: 1, shortRate: 1, verdict: 'MET' },
        ],
      },
    });
    await models.SloDay.create({
      ...{ _id: `${slo._id}:today`, sloId: slo._id, at: day, expiresAt: farOff() },
      hours: { 0: { good: 1, total: 2, minutes: 1 } },
    });
    const burnRate = { sloId: slo._id, kind: 'PAGE' as const };
    await models.AlertRule.create({
      ...{ name: 'Burns', severity: 'INFO', forMs: 0, recoverForMs: 0, labels: [], isUnseen: false },
      ...{ condition: { burnRate }, isEnabled: false, createdAt: now },
    });
    return { slo: slo._id };
  });
}

/** Tells of what is live as it is told after a commit. */
export async function happenToReliability({ models, live }: SystemHealth, tenantId: string): Promise<void> {
  await inTenant(tenantId, async () => {
    const { _id: sloId } = await models.Slo.findOne().orFail().lean();
    await live.publish(errorBudgetChangedTopic, { sloId });
  });
}
