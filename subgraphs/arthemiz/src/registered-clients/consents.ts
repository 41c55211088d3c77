// Who let which application act for them: a fact for those who watch over the tenant.
import { inTenant } from '@supergraph/chassis/tenancy';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Arthemiz } from '../context.ts';
import { requesterOf } from '../oidc/origin.ts';

export interface Consent {
  tenantId: string;
  personId: string;
  clientId: string;
  scope: string;
}

export function tellConsentGiven(
  service: Arthemiz,
  { req }: KoaContextWithOIDC,
  { tenantId, personId, clientId, scope }: Consent,
): Promise<void> {
  const data = { personId, clientId, scope, ...requesterOf(req) };
  return inTenant(tenantId, () =>
    service.transaction(({ emit }) => emit('arthemiz.consent.given.v1', { subject: personId, data })),
  );
}
