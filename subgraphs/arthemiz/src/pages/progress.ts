// How far a sign-in has come. Kept on the server with the provider's interaction, so that no step can be left out.
import { z } from 'zod';
import { joinedTenants } from '../memberships/standing.ts';
import { clientAddress } from '../oidc/origin.ts';
import { partsOf } from '../parts.ts';
import type { PersonRow } from '../people/model.ts';
import { hasSecondFactor, heldFactors } from '../second-factors/held.ts';
import { requiredConnectionFor } from '../sso/realm.ts';
import { lackIn } from '../tenants/compliance.ts';
import type { Lack } from '../tenants/compliance-rules.ts';
import { enterTenant } from './enter-tenant.ts';
import { html } from './html.ts';
import { errorSummary } from './layout.ts';
import type { Interaction, SignIn } from './sign-in-route.ts';
import { enterFederated, leaveForProvider } from './sso/step.ts';
import type { Words } from './words/words.ts';

const federation = z.object({ visitId: z.string(), connectionId: z.string(), tenantId: z.string() });

/** A tenant's provider vouched for the person: they enter that tenant and no other, whichever else they belong to. */
export type Federation = z.infer<typeof federation>;

const proven = z.object({
  personId: z.string(),
  /** How they proved who they are (RFC 8176). */
  amr: z.array(z.string()),
  /** Whose provider vouched for them, where one did. */
  federation: federation.nullable(),
});

const progress = z.discriminatedUnion('awaits', [
  proven.extend({ awaits: z.enum(['second-factor', 'tenant']) }),
  // The tenant is chosen, and asks for a second factor that they have yet to add, or whose recovery codes they read.
  proven.extend({ awaits: z.enum(['enrolment', 'entry']), tenantId: z.string() }),
]);

export type Progress = z.infer<typeof progress>;
/** Where the tenant is chosen. */
export type Entry = Extract<Progress, { tenantId: string }>;

/** Null before the first proof. */
export function progressOf({ result }: Interaction): Progress | null {
  return result?.authenticated === undefined ? null : progress.parse(result.authenticated);
}

/** The tenant that a sign-in leads into, once it is known. */
export function tenantOf(progress: Progress | null): string | undefined {
  if (progress === null) return undefined;
  return 'tenantId' in progress ? progress.tenantId : progress.federation?.tenantId;
}

/** What a sign-in has proven: who, how, and by whose provider. */
export interface Proof {
  person: PersonRow;
  amr: string[];
  federation: Federation | null;
}

/** Goes on to whatever is left to ask after a proof, and into the tenant when there is nothing. */
export async function goOn(signIn: SignIn, proof: Proof): Promise<void> {
  const { service } = signIn;
  const { person, amr, federation } = proof;
  const personId = person._id;
  if (!amr.includes('mfa') && hasSecondFactor(await heldFactors(service, personId))) {
    return askNext(signIn, { personId, amr, federation, awaits: 'second-factor' });
  }
  if (federation !== null) return enterFederated(signIn, { amr, federation, person });
  const required = await requiredConnectionFor(service, person.email);
  if (required !== null) return leaveForProvider(signIn, { connection: required, email: person.email });
  const home = signIn.thirdParty?.tenantId;
  const all = await joinedTenants(service, personId);
  const joined = home === undefined ? all : all.filter(({ tenantId }) => tenantId === home);
  if (home !== undefined && joined.length === 0) return showForeignClient(signIn);
  const tenants = joined.filter(({ isOpen }) => isOpen);
  const [only] = tenants;
  if (only === undefined) return joined.length === 0 ? showNoTenant(signIn) : showClosedTenants(signIn);
  if (tenants.length === 1) return admit(signIn, { ...proof, tenantId: only.tenantId });
  return askNext(signIn, { personId, amr, federation, awaits: 'tenant' });
}

/** Into the tenant, or first to a second factor where it asks for one that the person does not have. */
export async function admit(
  signIn: SignIn,
  { tenantId, ...proof }: Proof & { tenantId: string },
): Promise<void> {
  const { person, amr, federation } = proof;
  if (signIn.thirdParty !== null && signIn.thirdParty.tenantId !== tenantId) return showForeignClient(signIn);
  const now = new Date();
  const ipAddress = clientAddress(signIn.request);
  const lack = await lackIn(signIn.service, {
    ...{ tenantId, personId: person._id, amr, ipAddress, clientId: signIn.clientId },
    ...{ signedInAt: now, lastUsedAt: now },
  });
  if (lack === null) return enterTenant(signIn, { ...proof, tenantId });
  if (lack !== 'second-factor') return showNotAllowed(signIn, lack);
  return askNext(signIn, { personId: person._id, amr, federation, awaits: 'enrolment', tenantId });
}

/** Remembers how far it is. */
export async function keep({ provider, request, response }: SignIn, authenticated: Progress): Promise<void> {
  await provider.interactionResult(request, response, { authenticated }, { mergeWithLastSubmission: false });
}

/** By redirect, so that going back or reloading does not send the password or the code again. */
async function askNext(signIn: SignIn, progress: Progress): Promise<void> {
  await keep(signIn, progress);
  const { response, interaction } = signIn;
  response.writeHead(303, { location: interaction.uid, 'cache-control': 'no-store' }).end();
}

function showNotAllowed({ service, show, words }: SignIn, lack: Lack): void {
  const said = words.arriving.notAllowed;
  partsOf(service).metrics.signIns.inc({ outcome: 'not-allowed' });
  show({
    status: 403,
    title: said.title,
    body: html`<h1>${said.heading}</h1>
${errorSummary(lack === 'network' || lack === 'blocked' ? said[lack] : said.otherwise)}
<p>${lack === 'blocked' ? said.blockedAdvice : said.advice}</p>`,
  });
}

/** The application is of a tenant that the person is no member of, or did not sign in to. */
function showForeignClient({ service, clientName, words: { lang, foreignClient }, show }: SignIn): void {
  partsOf(service).metrics.signIns.inc({ outcome: 'not-admitted' });
  show({
    status: 403,
    lang,
    title: foreignClient.title,
    body: html`<h1>${foreignClient.heading(clientName)}</h1>
${errorSummary(foreignClient.lead)}
<p>${foreignClient.advice}</p>`,
  });
}

export function showNoTenant(signIn: SignIn): void {
  showNowhere(signIn, signIn.words.arriving.noTenant);
}

export function showClosedTenants(signIn: SignIn): void {
  showNowhere(signIn, signIn.words.arriving.suspended);
}

function showNowhere({ service, show }: SignIn, said: Words['arriving']['noTenant']): void {
  partsOf(service).metrics.signIns.inc({ outcome: 'no-tenant' });
  show({
    status: 403,
    title: said.title,
    body: html`<h1>${said.heading}</h1>
${errorSummary(said.lead)}
<p>${said.advice}</p>`,
  });
}
