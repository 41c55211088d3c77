// What ends by itself. Gateways and arthemiz know when and need nobody's word for it; here it is noted, and told.
import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Sentinel } from '../context.ts';
import { takeTurn } from './access-rules.ts';
import { end } from './carrying-out.ts';
import type { ResponseRow } from './response-model.ts';
import { mayBecome } from './rules.ts';

const pollMs = 1_000;
const batchSize = 100;

export function createResponseEnds(service: Sentinel): Worker {
  return createPolling({
    name: 'response ends',
    pauseMs: pollMs,
    look: () => endDue(service, new Date()),
    onFailure: (error) =>
      service.logger.error({ err: error }, 'responses that are over could not be ended; trying again'),
  });
}

/** Ends each once, however many copies look. */
async function endDue(service: Sentinel, now: Date): Promise<void> {
  const due = await acrossTenants('responses end by themselves in all tenants', () =>
    service.models.Response.find({ isLive: true, endsAt: { $lte: now } }, { tenantId: 1 })
      .sort({ endsAt: 1 })
      .limit(batchSize)
      .lean<Pick<ResponseRow, '_id' | 'tenantId'>[]>(),
  );
  for (const { _id, tenantId } of due) {
    await inTenant(tenantId, () =>
      service.transaction(async (unit) => {
        await takeTurn(service);
        const response = await service.models.Response.findOne({
          ...{ _id, isLive: true },
          endsAt: { $lte: now },
        }).lean<ResponseRow>();
        if (response === null || !mayBecome(response, 'EXPIRED')) return;
        await end(service, unit, { response, step: { status: 'EXPIRED', by: null } });
      }),
    );
  }
}
