// Last step: the person is known and so is the tenant.
import { clientAddress } from '../oidc/origin.ts';
import { partsOf } from '../parts.ts';
import type { PersonRow } from '../people/model.ts';
import { assuranceOf } from '../second-factors/assurance.ts';
import { type SignInFacts, tellSignedIn } from '../sign-in/events.ts';
import type { SignIn } from './sign-in-route.ts';

export async function enterTenant(
  signIn: SignIn,
  { person, amr, tenantId }: { person: PersonRow; amr: string[]; tenantId: string },
): Promise<void> {
  partsOf(signIn.service).metrics.signIns.inc({ outcome: 'succeeded' });
  await tellSignedIn(signIn.service, { ...factsOf(signIn, person.email), person, tenantId });
  await signIn.finish({
    login: { accountId: person._id, amr, acr: assuranceOf(amr) },
    tenant: { id: tenantId },
    // Whoever proved who they are just now at the request of one of our own clients wants it to go on.
    consent: {},
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
