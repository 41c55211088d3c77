// Last step: the person is known and so is the tenant.
import { clientAddress } from '../oidc/origin.ts';
import { partsOf } from '../parts.ts';
import { noteLanguage } from '../people/noting-language.ts';
import { assuranceOf } from '../second-factors/assurance.ts';
import { type SignInFacts, tellSignedIn } from '../sign-in/events.ts';
import { federated } from '../sso/assurance.ts';
import type { Proof } from './progress.ts';
import type { SignIn } from './sign-in-route.ts';

export async function enterTenant(
  signIn: SignIn,
  { person, amr, federation, tenantId }: Proof & { tenantId: string },
): Promise<void> {
  // Whoever runs a tenant's provider could be any of its people there, and must be nobody elsewhere.
  if (amr.includes(federated) && federation?.tenantId !== tenantId)
    throw new Error("A tenant's identity provider lets nobody into another tenant.");
  await noteLanguage(signIn.service, { person, language: signIn.words.language });
  partsOf(signIn.service).metrics.signIns.inc({ outcome: 'succeeded' });
  await tellSignedIn(signIn.service, {
    ...factsOf(signIn, person.email),
    person,
    tenantId,
    connectionId: federation?.connectionId ?? null,
  });
  await signIn.finish({
    // Its moment stays what it is when a page for consent comes after it.
    login: { accountId: person._id, amr, acr: assuranceOf(amr), ts: Math.floor(Date.now() / 1_000) },
    tenant: { id: tenantId, connectionId: federation?.connectionId ?? null },
    // Whoever proved who they are just now at the request of one of our own clients wants it to go on.
    ...(signIn.thirdParty === null ? { consent: {} } : {}),
  });
}

/** The circumstances of a sign-in, for those who watch over the tenant. */
export function factsOf({ clientId, request }: SignIn, email: string): Omit<SignInFacts, 'person'> {
  return {
    email,
    clientId,
    ipAddress: clientAddress(request),
    userAgent: request.headers['user-agent'] ?? null,
  };
}
