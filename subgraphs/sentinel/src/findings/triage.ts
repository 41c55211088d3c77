// What people do with findings.
import type { UpdateQuery } from 'mongoose';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { findingNotFound, findingStatusRefused, invalidDetectionInput } from '../detections/refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { findingChangedTopic, pushOfFinding } from './live.ts';
import type { FindingRow } from './model.ts';
import { findingStatuses, mayBecome } from './rules.ts';

const statusInput = z.object({ id: z.string().max(64), status: z.enum(findingStatuses) });
const assignInput = z.object({
  id: z.string().max(64),
  personId: z
    .string()
    .regex(/^per_[\w-]{1,60}$/, 'is no id of a person')
    .nullish(),
});

export const changeFindingStatus: MutationResolvers['changeFindingStatus'] = async (
  _,
  { input },
  context,
) => {
  const parsed = statusInput.safeParse(input);
  if (!parsed.success) return { finding: null, errors: invalidDetectionInput(parsed.error) };
  const { id, status } = parsed.data;
  return change(id, context, (finding) =>
    mayBecome(finding.status, status)
      ? { $set: { status, statusSince: new Date(), changedAt: new Date() } }
      : findingStatusRefused(finding.status, status),
  );
};

export const assignFinding: MutationResolvers['assignFinding'] = async (_, { input }, context) => {
  const parsed = assignInput.safeParse(input);
  if (!parsed.success) return { finding: null, errors: invalidDetectionInput(parsed.error) };
  const { id, personId } = parsed.data;
  return change(id, context, () => ({ $set: { assigneeId: personId ?? null } }));
};

type Refused = ReturnType<typeof findingStatusRefused>;

/** Reads, decides, writes and tells in one transaction, so that of two people at once one is refused. */
function change(
  _id: string,
  { models, service }: Context,
  decide: (finding: FindingRow) => UpdateQuery<FindingRow> | Refused,
) {
  return service.transaction(async ({ push }) => {
    const finding = await models.Finding.findOne({ _id }).lean<FindingRow>();
    if (finding === null) return { finding: null, errors: [findingNotFound] };
    const decision = decide(finding);
    if ('message' in decision) return { finding: null, errors: [decision as Refused] }; // updates have no message
    const changed = await models.Finding.findOneAndUpdate({ _id }, decision, {
      returnDocument: 'after',
    }).lean<FindingRow>();
    if (changed === null) return { finding: null, errors: [findingNotFound] };
    push(findingChangedTopic, pushOfFinding(changed));
    return { finding: changed, errors: [] };
  });
}
