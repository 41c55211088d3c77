import type { CheckRow } from '../checks/model.ts';
import { checkNotFound, refusedField } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { newHeartbeatToken } from './token.ts';

export const renewHeartbeatUrl: MutationResolvers['renewHeartbeatUrl'] = async (
  _,
  { input },
  { models, service },
) => {
  const refused = { check: null, heartbeatUrl: null };
  const { tokenHash, url } = newHeartbeatToken(service);
  return service.transaction(async () => {
    const check = await models.Check.findOneAndUpdate(
      { _id: input.id, kind: 'HEARTBEAT' },
      { $set: { 'heartbeat.tokenHash': tokenHash } },
      { returnDocument: 'after' },
    ).lean<CheckRow>();
    if (check !== null) return { check, heartbeatUrl: url, errors: [] };
    const isThere = (await models.Check.exists({ _id: input.id })) !== null;
    return { ...refused, errors: [isThere ? refusedField('id', 'is not a heartbeat') : checkNotFound] };
  });
};
