// For the matrix: what a tenant has promised of its services, and how that goes.
import { inTenant } from '@supergraph/chassis/tenancy';
import type { SystemHealth } from '../../../subgraphs/systemhealth/src/context.ts';
import { incidentChangedTopic } from '../../../subgraphs/systemhealth/src/incidents/live.ts';
import { errorBudgetChangedTopic } from '../../../subgraphs/systemhealth/src/slos/live.ts';
import { statusPageChangedTopic } from '../../../subgraphs/systemhealth/src/status-page/live.ts';
import { pageIdOf } from '../../../subgraphs/systemhealth/src/status-page/model.ts';
import type { WatchedService } from '../testing/health-changes.ts';

const farOff = () => new Date(Date.now() + 86_400_000);

/** One in which somebody has done all that can be done. The status page is called by the end of the tenant's id. */
export async function seedIncident(
  { models }: SystemHealth,
  { tenantId, serviceId, personId }: WatchedService & { personId: string },
): Promise<string> {
  return inTenant(tenantId, async () => {
    const now = new Date();
    const alert = await models.Alert.findOne().orFail().lean();
    const incident = await models.Incident.create({
      ...{ title: 'x', severity: 'MINOR', status: 'MONITORING', serviceIds: [serviceId], openedBy: personId },
      ...{ roles: [{ role: 'SCRIBE', personId }], alertIds: [alert._id], isPublic: true, sequence: 1 },
      ...{ actionItems: [{ text: 'x', ownerId: personId, isDone: false }], startedAt: now, detectedAt: now },
      ...{ acknowledgedAt: now, acknowledgedBy: personId },
    });
    await models.IncidentEntry.create({
      ...{ incidentId: incident._id, sequence: 1, kind: 'UPDATE', occurredAt: now, actorId: personId },
      ...{ message: 'x', isPublic: true, status: 'MONITORING', role: 'SCRIBE', personId },
      ...{ alertId: alert._id, expiresAt: farOff() },
    });
    // Not yet: it would keep the alert quiet while others look.
    const period = { startsAt: new Date(Date.now() + 82_800_000), endsAt: farOff() };
    await models.MaintenanceWindow.create({
      ...period,
      name: 'x',
      serviceIds: [serviceId],
      createdBy: personId,
    });
    await models.StatusPage.create({
      ...{
        _id: pageIdOf(tenantId),
        slug: tenantId.slice(-12),
        title: 'x',
        serviceIds: [serviceId],
        isOn: true,
      },
    });
    return incident._id;
  });
}

/** Of one check, measured once, whose budget is consumed. */
export async function seedObjective(
  { models }: SystemHealth,
  { tenantId, serviceId, checkId }: WatchedService,
): Promise<string> {
  return inTenant(tenantId, async () => {
    const now = new Date();
    const day = new Date(Math.floor(now.getTime() / 86_400_000) * 86_400_000);
    const slo = await models.Slo.create({
      ...{ document: 'x', name: 'seeded', displayName: 'Seeded', description: 'x', serviceId, target: 0.9 },
      indicator: { kind: 'CHECKS', checkId, serviceId, latencyMs: 100 },
      window: { kind: 'ROLLING', durationMs: 86_400_000 },
      policy: [{ consumedRatio: 1, note: 'x' }],
      builtIn: 'part',
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
    return slo._id;
  });
}

/** Tells of what is live as it is told after a commit. */
export async function happenToReliability({ models, live }: SystemHealth, tenantId: string): Promise<void> {
  await inTenant(tenantId, async () => {
    const { _id: sloId } = await models.Slo.findOne().orFail().lean();
    await live.publish(errorBudgetChangedTopic, { sloId });
    const { _id: incidentId } = await models.Incident.findOne().orFail().lean();
    await live.publish(incidentChangedTopic, { incidentId });
    await live.publish(statusPageChangedTopic, {});
  });
}
