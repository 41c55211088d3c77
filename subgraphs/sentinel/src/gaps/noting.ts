import { createHash } from 'node:crypto';
import { orBeginAnew } from '@supergraph/chassis/database';
import { keptUntil } from '@supergraph/chassis/retention/keeping';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { Sentinel } from '../context.ts';
import type { GapReason } from './model.ts';

export interface Gap {
  readonly source: string;
  readonly reason: GapReason;
  /** When the first and the last of it happened. */
  readonly from: Date;
  readonly until: Date;
  /** How many accesses it is. */
  readonly count: number;
}

/** Notes it in the running transaction, for the tenant in scope. */
export async function noteGap(service: Sentinel, { source, reason, from, until, count }: Gap): Promise<void> {
  const hour = Math.floor(Date.now() / 3_600_000);
  const expiresAt = await keptUntil(service, {
    since: until,
    days: service.config.SECURITY_EVENT_RETENTION_DAYS,
  });
  await orBeginAnew(() =>
    service.models.EventGap.updateOne(
      { _id: gapId(currentTenant(), { hour, source, reason }) },
      {
        $setOnInsert: { hour, source, reason },
        $min: { from },
        $max: { until, expiresAt },
        $inc: { count },
      },
      { upsert: true },
    ),
  );
}

/** One an hour, source and reason, so that what goes on for long is no long list. */
function gapId(tenantId: string, counted: { hour: number; source: string; reason: string }): string {
  const text = JSON.stringify([tenantId, counted.hour, counted.source, counted.reason]);
  return `gap_${createHash('sha256').update(text).digest('base64url')}`;
}
