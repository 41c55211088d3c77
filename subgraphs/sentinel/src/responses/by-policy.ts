// What the tenant's policies do about findings, in the transaction that makes them: they are found and answered, or neither.
import type { Sentinel } from '../context.ts';
import type { FindingRow } from '../findings/model.ts';
import type { ResponsePolicyRow } from './policy-model.ts';
import { note, propose } from './proposing.ts';
import type { Telling } from './response-changed.ts';
import { targetsByPolicy } from './rules.ts';

export async function respondTo(
  service: Sentinel,
  unit: Telling,
  findings: readonly FindingRow[],
): Promise<void> {
  const policies = await service.models.ResponsePolicy.find({ isEnabled: true })
    .sort({ _id: 1 })
    .lean<ResponsePolicyRow[]>();
  for (const finding of findings) {
    for (const { policy, target } of policies.flatMap((policy) =>
      targetsByPolicy(policy, finding).map((target) => ({ policy, target })),
    )) {
      const proposal = {
        ...{ kind: policy.kind, mode: policy.mode, minutes: policy.minutes ?? null, target },
        ...{ findingId: finding._id, policyId: policy._id, proposedBy: null },
        reason: `${policy.name}: ${finding.title}`.slice(0, 500),
      };
      const outcome = await propose(service, unit, proposal);
      // What is done already needs no record; what may not be done is shown, so that nobody thinks that it was.
      if ('refusal' in outcome && outcome.refusal.__typename !== 'ResponseExists')
        await note(service, unit, { proposal, status: 'FAILED', why: outcome.refusal.message });
    }
  }
}
