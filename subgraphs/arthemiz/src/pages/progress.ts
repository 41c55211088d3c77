// How far a sign-in has come. Kept on the server with the provider's interaction, so that no step can be left out.
import { z } from 'zod';
import { joinedTenants } from '../memberships/standing.ts';
import { partsOf } from '../parts.ts';
import type { PersonRow } from '../people/model.ts';
import { hasSecondFactor, heldFactors } from '../second-factors/held.ts';
import { enterTenant } from './enter-tenant.ts';
import { html } from './html.ts';
import { errorSummary } from './layout.ts';
import type { Interaction, SignIn } from './sign-in-route.ts';

const progress = z.object({
  personId: z.string(),
  /** How they proved who they are (RFC 8176). */
  amr: z.array(z.string()),
  awaits: z.enum(['second-factor', 'tenant']),
});

export type Progress = z.infer<typeof progress>;

/** Null before the first proof. */
export function progressOf({ result }: Interaction): Progress | null {
  return result?.authenticated === undefined ? null : progress.parse(result.authenticated);
}

/** Goes on to whatever is left to ask after a proof, and into the tenant when there is nothing. */
export async function goOn(
  signIn: SignIn,
  { person, amr }: { person: PersonRow; amr: string[] },
): Promise<void> {
  const { service } = signIn;
  const personId = person._id;
  if (!amr.includes('mfa') && hasSecondFactor(await heldFactors(service, personId))) {
    return keep(signIn, { personId, amr, awaits: 'second-factor' });
  }
  const tenants = await joinedTenants(service, personId);
  const [only] = tenants;
  if (only === undefined) return showNoTenant(signIn);
  if (tenants.length === 1) return enterTenant(signIn, { person, amr, tenantId: only.tenantId });
  return keep(signIn, { personId, amr, awaits: 'tenant' });
}

async function keep(signIn: SignIn, authenticated: Progress): Promise<void> {
  const { provider, request, response, interaction } = signIn;
  await provider.interactionResult(request, response, { authenticated }, { mergeWithLastSubmission: false });
  // By redirect, so that going back or reloading does not send the password or the code again.
  response.writeHead(303, { location: interaction.uid, 'cache-control': 'no-store' }).end();
}

function showNoTenant({ service, show }: SignIn): void {
  partsOf(service).metrics.signIns.inc({ outcome: 'no-tenant' });
  show({
    status: 403,
    title: 'No tenant',
    body: html`<h1>You have no tenant yet</h1>
${errorSummary('Your account belongs to no tenant, so there is nothing that you could sign in to.')}
<p>Ask an administrator of your organization to add you, then sign in again.</p>`,
  });
}
