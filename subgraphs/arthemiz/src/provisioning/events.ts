// What subgraphs say about steps: which they have, and how a request went.
import type { EventHandlers } from '@supergraph/chassis/event-handlers';
import type { Arthemiz } from '../context.ts';
import { answered } from './rules.ts';
import { continueProvisioning, patienceOf } from './workflow.ts';

export const provisioningHandlers: EventHandlers<Arthemiz> = {
  async 'tenancy.steps.declared.v1'({ event, service, emit }) {
    const { subgraph: _id, steps } = event.data;
    const { StepDeclaration } = service.models;
    const known = await StepDeclaration.findOne({ _id }).lean();
    const declaredAt = new Date(event.time);
    if (known !== null && known.declaredAt > declaredAt) return;
    await StepDeclaration.updateOne({ _id }, { $set: { steps, declaredAt } }, { upsert: true });
    // What it says itself at its start shows that it hears: what others said before that may be lost, so they are asked.
    if (_id === service.name) await emit('tenancy.steps.requested.v1', { data: { subgraph: _id } });
  },

  async 'tenancy.step.finished.v1'({ event, service, emit, push }) {
    const { tenantId, step: name, ...answer } = event.data;
    const change = (state: Parameters<typeof answered>[0]) =>
      answered(state, { ...answer, name }, { now: new Date(), patience: patienceOf(service) });
    await continueProvisioning(service, { emit, push }, { tenantId, change });
  },
};
