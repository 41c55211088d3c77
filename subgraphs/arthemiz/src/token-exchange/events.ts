// Which service acts for whom: a fact for those who watch over the tenant, there before the token is.
import { inTenant } from '@supergraph/chassis/tenancy';
import type { TokenEndpointGrantContext } from 'oidc-provider';
import type { Arthemiz } from '../context.ts';
import { requesterOf } from '../oidc/origin.ts';
import type { SubjectToken } from './subject-token.ts';

export interface ExchangeFacts {
  clientId: string;
  subject: SubjectToken;
  scope: string;
  expiresAt: Date;
}

export function tellExchanged(
  service: Arthemiz,
  { req }: TokenEndpointGrantContext,
  { clientId, subject, scope, expiresAt }: ExchangeFacts,
): Promise<void> {
  const { sub: personId, sid: sessionId, tenant } = subject;
  const data = {
    personId,
    clientId,
    sessionId,
    scope,
    expiresAt: expiresAt.toISOString(),
    ...requesterOf(req),
  };
  return inTenant(tenant, () =>
    service.transaction(({ emit }) => emit('arthemiz.token.exchanged.v1', { subject: personId, data })),
  );
}
