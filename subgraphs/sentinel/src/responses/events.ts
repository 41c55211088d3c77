// What arthemiz says about what it was asked to do.
import type { EventHandlers } from '@supergraph/chassis/event-handlers';
import type { Sentinel } from '../context.ts';
import { endOf, step } from './carrying-out.ts';
import type { ResponseRow } from './response-model.ts';

export const responseHandlers: EventHandlers<Sentinel> = {
  'arthemiz.response.carried-out.v1': async ({ event, service, emit, push }) => {
    const { responseId: _id, failure, sessionsEnded } = event.data;
    const response = await service.models.Response.findOne({
      _id,
      status: 'APPROVED',
    }).lean<ResponseRow>();
    // Undone meanwhile, or past its retention.
    if (response === null) return;
    if (failure !== null) {
      const note = 'The person is no member of the tenant.';
      await step(service, { emit, push }, { response, step: { status: 'FAILED', by: null, note } });
      return;
    }
    const note = `Sessions that ended: ${sessionsEnded}.`;
    const approvedAt = response.log.findLast(({ status }) => status === 'APPROVED')?.at ?? new Date();
    const endsAt = endOf(response, approvedAt);
    await step(service, { emit, push }, { response, step: { status: 'APPLIED', by: null, note }, endsAt });
  },
};
