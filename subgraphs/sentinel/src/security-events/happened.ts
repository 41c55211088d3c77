// A stored event as detections take it.
import type { SecurityEventRow } from './model.ts';
import type { Happened } from './ocsf.ts';

/** What was stored before a field was kept has none. */
export function happenedOf(row: SecurityEventRow): Happened {
  const {
    actorId = null,
    clientId = null,
    targetId = null,
    email = null,
    ipAddress = null,
    userAgent = null,
  } = row;
  const { reason = null, operationName = null, requestId = null } = row;
  return {
    ...{ ...row, actorId, clientId, targetId, email, ipAddress, userAgent, reason, operationName, requestId },
    count: row.count ?? 1,
  };
}
