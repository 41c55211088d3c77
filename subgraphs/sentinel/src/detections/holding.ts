import { createHash } from 'node:crypto';
import { currentTenant } from '@supergraph/chassis/tenancy';
import { orBeginAnew } from '../beginning-anew.ts';
import type { Sentinel } from '../context.ts';

const keptMs = 24 * 3_600_000;

/**
 * Two transactions about the same, in the tenant in scope, would each not see what the other does: whoever writes this second
 * begins again, and sees it.
 */
export async function hold({ models }: Pick<Sentinel, 'models'>, about: readonly string[]): Promise<void> {
  const text = JSON.stringify([currentTenant(), ...about]);
  const _id = createHash('sha256').update(text).digest('hex');
  const expiresAt = new Date(Date.now() + keptMs);
  await orBeginAnew(() =>
    models.DetectionGroup.updateOne({ _id }, { $inc: { turns: 1 }, $set: { expiresAt } }, { upsert: true }),
  );
}
