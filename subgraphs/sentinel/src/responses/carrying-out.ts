// A response goes from status to status, with what has to be done for it: gateways and arthemiz are told by events of the
// same transaction.
import { keptUntil } from '@supergraph/chassis/retention/keeping';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../context.ts';
import { dropAccessRule, makeAccessRule } from './access-rules.ts';
import { type Telling, tellResponse } from './response-changed.ts';
import type { ResponseRow } from './response-model.ts';
import { isLive, mayBecome, type ResponseStatus } from './rules.ts';

export interface Step {
  readonly status: ResponseStatus;
  /** Who did it; null for the platform. */
  readonly by: string | null;
  readonly note?: string | null;
}

/** @throws where a response of its status does not go there: whoever calls it has asked `mayBecome` */
export async function step(
  service: Sentinel,
  unit: Telling,
  { response, step: { status, by, note = null }, ...set }: Stepped,
): Promise<ResponseRow> {
  if (!mayBecome(response, status))
    throw new Error(`A response that is ${response.status} becomes no ${status}.`);
  const now = new Date();
  const days = service.config.FINDING_RETENTION_DAYS;
  const changed = await service.models.Response.findOneAndUpdate(
    { _id: response._id, status: response.status },
    {
      $set: {
        ...{ status, isLive: isLive({ kind: response.kind, status }), changedAt: now, endsAt: null, ...set },
        expiresAt: await keptUntil(service, { since: now, days }),
      },
      $push: { log: { status, at: now, by, note } },
    },
    { returnDocument: 'after' },
  ).lean<ResponseRow>();
  if (changed === null) throw new Error(`Response ${response._id} was changed by another transaction.`);
  await tellResponse(changed, unit);
  return changed;
}

interface Stepped extends Partial<Pick<ResponseRow, 'endsAt' | 'accessRuleId'>> {
  readonly response: ResponseRow;
  readonly step: Step;
}

/** Approves it and does it. A block holds with the commit; what arthemiz does is applied once it tells so. */
export async function carryOut(
  service: Sentinel,
  unit: Telling,
  { response, by, note = null }: { response: ResponseRow; by: string | null; note?: string | null },
): Promise<ResponseRow> {
  const approved = await step(service, unit, { response, step: { status: 'APPROVED', by, note } });
  const { _id: responseId, kind, target, targetKind } = approved;
  const endsAt = endOf(approved, new Date());
  switch (kind) {
    case 'BLOCK': {
      const block = { effect: 'BLOCK', kind: targetKind, value: target, until: endsAt } as const;
      // What ended by itself, and was not removed yet.
      const old = await service.models.AccessRule.findOne({ ...block, until: { $ne: null } }).lean();
      if (old !== null) await dropAccessRule(service, unit, old._id);
      const { _id: accessRuleId } = await makeAccessRule(service, unit, { ...block, createdBy: by });
      return step(service, unit, {
        response: approved,
        step: { status: 'APPLIED', by: null },
        endsAt,
        accessRuleId,
      });
    }
    case 'END_SESSIONS':
      await unit.emit('sentinel.session-end.requested.v1', {
        subject: target,
        data: { responseId, personId: target },
      });
      return approved;
    case 'REQUIRE_SECOND_FACTOR':
      await demandFactor(unit, approved, { isRequired: true, until: endsAt });
      return approved;
  }
}

/** Undoes it, or lets it end. */
export async function end(
  service: Sentinel,
  unit: Telling,
  { response, step: taken }: { response: ResponseRow; step: Step },
): Promise<ResponseRow> {
  const { accessRuleId, kind, status } = response;
  if (status === 'APPLIED' && kind === 'REQUIRE_SECOND_FACTOR')
    await demandFactor(unit, response, { isRequired: false, until: null });
  if (typeof accessRuleId === 'string') await dropAccessRule(service, unit, accessRuleId);
  return step(service, unit, { response, step: taken });
}

function demandFactor(
  { emit }: Pick<UnitOfWork, 'emit'>,
  { _id: responseId, target }: ResponseRow,
  { isRequired, until }: { isRequired: boolean; until: Date | null },
): Promise<void> {
  const data = { responseId, personId: target, isRequired, until: until?.toISOString() ?? null };
  return emit('sentinel.second-factor.requested.v1', { subject: target, data });
}

export function endOf({ minutes }: Pick<ResponseRow, 'minutes'>, since: Date): Date | null {
  return typeof minutes === 'number' ? new Date(since.getTime() + minutes * 60_000) : null;
}
