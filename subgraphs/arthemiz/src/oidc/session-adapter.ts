// Browsers' sessions. A request that began before its session was ended must not store it again when it is done.
import type { Adapter } from 'oidc-provider';
import type { Arthemiz } from '../context.ts';
import { hasEnded } from '../sessions/ended.ts';
import { sessionIdOf } from '../sessions/rules.ts';

export function sessionAdapter(service: Arthemiz, adapter: Adapter): Adapter {
  return {
    ...adapter,
    async upsert(id, payload, expiresIn) {
      const { uid: sessionUid } = payload;
      if (sessionUid !== undefined && (await hasEnded(service, sessionIdOf({ sessionUid })))) return;
      await adapter.upsert(id, payload, expiresIn);
    },
  };
}
