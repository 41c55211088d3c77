// Back-channel logout where the provider itself ends a session: signing out. It would tell clients at once and forget those
// that do not answer; here they are queued like all others.
import type Provider from 'oidc-provider';
import type { Arthemiz } from '../context.ts';
import { queueLogoutNotices } from '../logout-notices/queueing.ts';
import { sessionIdOf } from '../sessions/rules.ts';

export function queueLogouts(provider: Provider, service: Arthemiz): void {
  Object.assign(provider.Client.prototype, {
    backchannelLogout(this: { clientId: string }, personId: string, sessionId: string) {
      return queueLogoutNotices(service, { personId, concerned: [{ clientId: this.clientId, sessionId }] });
    },
  });
  // The one name that access tokens and whoever ends sessions have for it.
  Object.assign(provider.Session.prototype, {
    sidFor(this: { uid: string }) {
      return sessionIdOf({ sessionUid: this.uid });
    },
  });
  provider.on('backchannel.error', (_ctx, error) =>
    service.logger.error({ err: error }, 'a client will not hear of a logout'),
  );
}
