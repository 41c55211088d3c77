import type { UnitOfWork } from '@supergraph/chassis/transaction';
import { z } from 'zod';
import type { SystemHealth } from '../context.ts';
import { alertNotFiring, alertNotFound, invalidInput } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { type AlertChanged, alertChangedTopic } from './live.ts';
import { type AlertRow, mostTransitions } from './model.ts';
import { requestEvaluation } from './requesting.ts';

const inputSchema = z.object({ id: z.string(), note: z.string().trim().min(1).max(1_000).nullish() });

export const acknowledgeAlert: MutationResolvers['acknowledgeAlert'] = (
  _,
  { input },
  { models, service, viewer },
) => {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return { alert: null, errors: invalidInput(parsed.error) };
  const { id: _id, note = null } = parsed.data;
  return service.transaction(async ({ push }) => {
    const alert = await models.Alert.findOne({ _id }).lean<AlertRow>();
    if (alert === null) return { alert, errors: [alertNotFound] };
    if (alert.state !== 'FIRING') return { alert, errors: [alertNotFiring] };
    if (alert.acknowledgement) return { alert, errors: [] };
    return {
      alert: await acknowledgeFiring(service, { push }, { alert, by: viewer.subject, note }),
      errors: [],
    };
  });
};

/** Of one that fires and that nobody acknowledged, in the transaction in scope. */
export async function acknowledgeFiring(
  service: SystemHealth,
  { push }: Pick<UnitOfWork, 'push'>,
  { alert, by, note }: { alert: AlertRow; by: string; note: string | null },
): Promise<AlertRow> {
  const { _id } = alert;
  const now = new Date();
  const sequence = alert.sequence + 1;
  const transition = { sequence, kind: 'ACKNOWLEDGED' as const, occurredAt: now, message: note };
  const acknowledgement = { acknowledgedBy: by, acknowledgedAt: now, note };
  const transitions = [...alert.transitions, transition].slice(-mostTransitions);
  await service.models.Alert.updateOne({ _id }, { $set: { acknowledgement, sequence, transitions } });
  await requestEvaluation(service);
  push(alertChangedTopic, {
    ...{ alertId: _id, serviceId: alert.serviceId ?? null, sequence, kind: 'ACKNOWLEDGED' },
    occurredAt: now.getTime(),
  } satisfies AlertChanged);
  return { ...alert, acknowledgement, sequence, transitions };
}
