// For the matrix: a check of each kind with all that it can be told, as systemhealth stores them. Nobody runs them.
import { inTenant } from '@supergraph/chassis/tenancy';
import type { SystemHealth } from '../../../subgraphs/systemhealth/src/context.ts';
import { checkKinds, settingsOf } from '../../../subgraphs/systemhealth/src/probes/settings.ts';
import type { WatchedService } from '../testing/health-changes.ts';

const assertions = [{ source: 'JSON', selector: '$.status', comparison: 'EQUALS', value: 'ok' }];

/** What the kinds need that have no presets. */
const needed: Readonly<Record<string, object>> = {
  HTTP: { assertions, headerNames: ['x-key'] },
  GRAPHQL: { document: '{ shop }', assertions },
  WEBSOCKET: { assertions },
  PROMETHEUS: { query: 'up', comparison: 'EQUALS', value: 1 },
  HEARTBEAT: { periodSeconds: 60 },
};

export async function seedChecks(
  { models }: SystemHealth,
  { tenantId, serviceId, checkId }: WatchedService,
): Promise<void> {
  const createdAt = new Date();
  await inTenant(tenantId, async () => {
    // The one that the walk asks for by its id, from where conditions lie near enough to be seen.
    const settings = settingsOf.HTTP.parse(needed.HTTP);
    await models.Check.updateOne({ _id: checkId }, { $set: { settings } });
    await models.Check.insertMany(
      checkKinds.map((kind) => ({
        ...{ serviceId, name: kind, kind, target: 'x://x.test', isPaused: true, createdAt, dueAt: createdAt },
        ...{ intervalMs: 60_000, timeoutMs: 1_000, downAfterMs: 0, upAfterMs: 0 },
        ...{ status: 'UNKNOWN' as const, statusSince: createdAt },
        settings: settingsOf[kind].parse(needed[kind] ?? {}),
      })),
    );
  });
}
