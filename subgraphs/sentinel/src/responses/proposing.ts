// A response is proposed, by a person or a policy. All of it is in the transaction in which it was decided.
import { keptUntil } from '@supergraph/chassis/retention/keeping';
import type { Sentinel } from '../context.ts';
import { entryFor, isLastOwner, mostBlocks, takeTurn } from './access-rules.ts';
import { carryOut } from './carrying-out.ts';
import { lastOwner, responseExists, responseLimitReached, targetAllowed } from './refusals.ts';
import { type Telling, tellResponse } from './response-changed.ts';
import type { ResponseRow } from './response-model.ts';
import { isLive, type ResponseKind, type ResponseMode, type ResponseStatus, type Target } from './rules.ts';

/** After which a proposal that nobody approved is none any more. */
const proposalMs = 24 * 3_600_000;

export interface Proposal {
  readonly kind: ResponseKind;
  readonly target: Target;
  readonly mode: ResponseMode;
  readonly reason: string;
  readonly findingId: string | null;
  readonly policyId: string | null;
  readonly proposedBy: string | null;
  /** How long it is to hold; null for what doesn't last. */
  readonly minutes: number | null;
}

export type Hindrance = NonNullable<Awaited<ReturnType<typeof hindranceOf>>>;

/** Why something may not be done at present; null where it may. The caller has the tenant's turn. */
export async function hindranceOf(
  service: Pick<Sentinel, 'models'>,
  { kind, target }: Pick<Proposal, 'kind' | 'target'>,
) {
  if (kind !== 'BLOCK') return null;
  const entry = await entryFor(service, target, new Date());
  if (entry !== null) return targetAllowed(entry._id);
  if (await isLastOwner(service, target)) return lastOwner;
  const blocks = await service.models.AccessRule.countDocuments({ effect: 'BLOCK' });
  return blocks >= mostBlocks ? responseLimitReached(mostBlocks, 'blocks at a time') : null;
}

export type Proposed = { response: ResponseRow } | { refusal: Hindrance | ReturnType<typeof responseExists> };

/** Proposes it and, where nobody is to be asked, does it. What is hindered is not even proposed. */
export async function propose(service: Sentinel, unit: Telling, proposal: Proposal): Promise<Proposed> {
  await takeTurn(service);
  const same = await liveOne(service, proposal);
  if (same !== null) return { refusal: responseExists(same._id) };
  const refusal = await hindranceOf(service, proposal);
  if (refusal !== null) return { refusal };
  const response = await note(service, unit, { proposal, status: 'PROPOSED' });
  if (proposal.mode === 'APPROVAL') return { response };
  return { response: await carryOut(service, unit, { response, by: proposal.proposedBy }) };
}

/** What is to be done, or holds, of the same. */
function liveOne(
  { models }: Pick<Sentinel, 'models'>,
  { kind, target }: Pick<Proposal, 'kind' | 'target'>,
): Promise<ResponseRow | null> {
  const about = { kind, targetKind: target.kind, target: target.value };
  return models.Response.findOne({ ...about, isLive: true }).lean<ResponseRow>();
}

/** Keeps a record of it; of a failure, why. */
export async function note(
  service: Sentinel,
  unit: Telling,
  { proposal, status, why = null }: { proposal: Proposal; status: ResponseStatus; why?: string | null },
): Promise<ResponseRow> {
  const { kind, target, reason, findingId, policyId, proposedBy, minutes } = proposal;
  const now = new Date();
  const days = service.config.FINDING_RETENTION_DAYS;
  const response = new service.models.Response({
    ...{ kind, targetKind: target.kind, target: target.value, status, isLive: isLive({ kind, status }) },
    ...{ reason, findingId, policyId, proposedBy, minutes, createdAt: now, changedAt: now },
    log: [{ status, at: now, by: proposedBy, note: why }],
    endsAt: status === 'PROPOSED' ? new Date(now.getTime() + proposalMs) : null,
    expiresAt: await keptUntil(service, { since: now, days }),
  });
  await response.save();
  const row = response.toObject();
  await tellResponse(row, unit);
  return row;
}
