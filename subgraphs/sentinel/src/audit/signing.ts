// Checkpoints are signed in the transaction that adds the record, each so many records; and after a while where fewer came.
import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import { acrossTenants, currentTenant, inTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../context.ts';
import { signedNote, signingKeyOf, verifierKey } from './note.ts';

const lookEveryMs = 60_000;
const mostTenantsAtOnce = 100;

/** Signs that the trail of the tenant in scope has so many records, where there is a key. */
export async function signCheckpoint(
  { models, config }: Sentinel,
  { size, hash }: { size: number; hash: string },
  { emit }: Pick<UnitOfWork, 'emit'>,
): Promise<void> {
  const seed = config.CHECKPOINT_SIGNING_KEY;
  if (seed === undefined) return;
  const tenantId = currentTenant();
  const key = signingKeyOf(seed);
  const signedAt = new Date();
  const note = signedNote({ tenantId, size, hash, signedAt: signedAt.toISOString() }, key);
  const verifier = verifierKey(tenantId, key);
  await models.AuditCheckpoint.create([{ size, hash, signedAt, note, verifierKey: verifier }]);
  await models.AuditHead.updateOne({ _id: tenantId }, { $set: { unsignedSince: null } });
  await emit('sentinel.audit.checkpointed.v1', { data: { size, note, verifierKey: verifier } });
}

/** Looks for trails whose latest records are not signed for too long. */
export function createCheckpointer(service: Sentinel): Worker {
  const { config, logger, regions } = service;
  return createPolling({
    name: 'audit-checkpointer',
    pauseMs: lookEveryMs,
    async look() {
      if (config.CHECKPOINT_SIGNING_KEY === undefined) return;
      for (const { name } of regions) {
        const due = await acrossTenants('signing audit trails', () => unsigned(service), { region: name });
        for (const tenantId of due) await signDue(service, tenantId);
      }
    },
    onFailure: (error) => logger.warn({ err: error }, 'audit trails were not signed; trying again'),
  });
}

async function unsigned({ models, config }: Sentinel): Promise<string[]> {
  const before = new Date(Date.now() - config.AUDIT_CHECKPOINT_MINUTES * 60_000);
  const heads = await models.AuditHead.find({ unsignedSince: { $lte: before } }, { _id: 1 })
    .sort({ unsignedSince: 1 })
    .limit(mostTenantsAtOnce)
    .lean();
  return heads.map(({ _id }) => _id);
}

/** Of two copies that look at once, the second finds nothing left to sign. */
export function signDue(service: Sentinel, tenantId: string): Promise<void> {
  return inTenant(tenantId, () =>
    service.transaction(async ({ emit }) => {
      const head = await service.models.AuditHead.findOneAndUpdate(
        { _id: tenantId, unsignedSince: { $ne: null } },
        { $set: { unsignedSince: null } },
        { returnDocument: 'after' },
      ).lean();
      if (head?.hash) await signCheckpoint(service, { size: head.sequence, hash: head.hash }, { emit });
    }),
  );
}
