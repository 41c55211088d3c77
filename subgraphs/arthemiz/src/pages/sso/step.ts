// Single sign-on as a part of a sign-in: to the provider of the address's domain, back from it, and in.

import { z } from 'zod';
import { joinedTenants } from '../../memberships/standing.ts';
import { clientAddress, publicOrigin } from '../../oidc/origin.ts';
import { partsOf } from '../../parts.ts';
import { authenticate } from '../../passwords/authentication.ts';
import type { PersonRow } from '../../people/model.ts';
import { emailAddress } from '../../people/rules.ts';
import { tellSignInFailed } from '../../sign-in/events.ts';
import { admitIdentity, type Recognition, type RefusedFor, recognize } from '../../sso/admitting.ts';
import { federated } from '../../sso/assurance.ts';
import type { SsoConnectionRow } from '../../sso/model.ts';
import { connectionFor } from '../../sso/realm.ts';
import { endVisit, findVisit, leave, showHandle, type Vouched } from '../../sso/visits.ts';
import { factsOf } from '../enter-tenant.ts';
import { html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import { showPasswordPage } from '../password-step.ts';
import { admit, type Federation, goOn, showClosedTenants, showNoTenant } from '../progress.ts';
import type { SignIn } from '../sign-in-route.ts';
import { isProofTyped, showProofPage, typedPassword } from './proof-page.ts';

const kept = z.object({ visitId: z.string(), awaits: z.enum(['provider', 'proof']) });

export type SsoProgress =
  /** An address was typed, to be led to its provider. */
  | { asks: 'discovery' }
  /** The browser brings an answer. */
  | { asks: 'return'; visitId: string | null; handle: string }
  /** An account has to prove that it is theirs. */
  | { asks: 'proof'; visitId: string };

/** Null where single sign-on has no part in the request. */
export function ssoProgress({ interaction, form, request, provider }: SignIn): SsoProgress | null {
  if (form?.get('action') === 'sso') return { asks: 'discovery' };
  const known = kept.safeParse(interaction.result?.sso).data;
  const handle = new URL(request.url ?? '/', provider.issuer).searchParams.get('sso');
  if (form === null && handle !== null) return { asks: 'return', visitId: known?.visitId ?? null, handle };
  const isProof = known?.awaits === 'proof' && (form === null || isProofTyped(form));
  return isProof ? { asks: 'proof', visitId: known.visitId } : null;
}

export async function ssoStep(signIn: SignIn, progress: SsoProgress): Promise<void> {
  if (progress.asks === 'discovery') return discoverRealm(signIn);
  if (progress.asks === 'return') return comeBack(signIn, progress);
  return prove(signIn, progress.visitId);
}

async function discoverRealm(signIn: SignIn): Promise<void> {
  const { emailMissing, noConnection } = signIn.words.arriving.sso;
  const typed = signIn.form?.get('email') ?? '';
  const email = emailAddress.safeParse(typed);
  const shown = { email: typed.slice(0, 254), status: 400 };
  if (!email.success) return showPasswordPage(signIn, { ...shown, error: emailMissing });
  const connection = await connectionFor(signIn.service, email.data);
  if (connection === null) return showPasswordPage(signIn, { ...shown, error: noConnection });
  return leaveForProvider(signIn, { connection, email: email.data });
}

export async function leaveForProvider(
  signIn: SignIn,
  { connection, email }: { connection: SsoConnectionRow; email: string },
): Promise<void> {
  const { service, interaction, request, words } = signIn;
  const said = words.arriving.sso;
  const origin = publicOrigin(request);
  const left = await leave(service, { connection, signInId: interaction.uid, origin, email }).catch(
    (error: unknown) => {
      service.logger.warn({ err: error, connection: connection._id }, 'an identity provider is away');
      return null;
    },
  );
  if (left === null) return showPasswordPage(signIn, { email, status: 502, error: said.away });
  await keep(signIn, { visitId: left.visitId, awaits: 'provider' });
  signIn.show({
    title: said.title,
    next: left.url,
    body: html`<h1>${said.title}</h1>
<p>${said.lead(connection.name)}</p>
<p><a href="${left.url.href}">${words.next}</a></p>`,
  });
}

async function comeBack(
  signIn: SignIn,
  { visitId, handle }: { visitId: string | null; handle: string },
): Promise<void> {
  const signInId = signIn.interaction.uid;
  const vouched = visitId === null ? null : await showHandle(signIn.service, { signInId, visitId, handle });
  if (vouched === null) return showEnded(signIn);
  return receive(signIn, vouched);
}

async function receive(signIn: SignIn, vouched: Vouched): Promise<void> {
  const recognition = await recognize(signIn.service, vouched);
  const { visitId, connection } = vouched;
  if (recognition.outcome === 'refused') return refuse(signIn, vouched, recognition.reason);
  if (recognition.outcome === 'unproven') {
    await keep(signIn, { visitId, awaits: 'proof' });
    return showProofPage(signIn, { connection, email: recognition.person.email, error: null });
  }
  const proof = { amr: methodsOf(vouched), federation: federationOf(vouched) };
  return recognition.outcome === 'new'
    ? enterFederated(signIn, { ...proof, person: null })
    : goOn(signIn, { ...proof, person: recognition.person });
}

/** The password of the account that has the address: without it, whoever runs a provider could take it over. */
async function prove(signIn: SignIn, visitId: string): Promise<void> {
  const { service, form, interaction, request, words } = signIn;
  const said = words.arriving.ownership;
  const vouched = await findVisit(service, { signInId: interaction.uid, visitId });
  if (vouched === null) return showEnded(signIn);
  const { connection } = vouched;
  const recognition = await recognize(service, vouched);
  if (recognition.outcome !== 'unproven') return receive(signIn, vouched);
  const { email } = recognition.person;
  const password = typedPassword(form);
  if (password === null)
    return showProofPage(signIn, { connection, email, error: form === null ? null : said.missing });
  const authentication = await authenticate(service, { email, password, ipAddress: clientAddress(request) });
  if (authentication.isAuthentic) {
    const { person } = authentication;
    // Whatever the provider says of a second factor: the account's own is what keeps a stolen password from being enough.
    return goOn(signIn, { person, amr: [federated, 'pwd'], federation: federationOf(vouched) });
  }
  const { reason, person } = authentication;
  partsOf(service).metrics.signIns.inc({ outcome: reason });
  const error = said.refused;
  if (reason === 'throttled') {
    const headers = { 'retry-after': String(authentication.retryAfterSeconds) };
    return showProofPage(signIn, { connection, email, error, status: 429, headers });
  }
  showProofPage(signIn, { connection, email, error, status: 401 });
  const facts = { ...factsOf(signIn, email), connectionId: connection._id };
  await tellSignInFailed(service, { ...facts, person, reason });
}

/** Into the tenant of the connection, after whatever else was asked. `person`: null for somebody new. */
export async function enterFederated(
  signIn: SignIn,
  { person, amr, federation }: { person: PersonRow | null; amr: string[]; federation: Federation },
): Promise<void> {
  const { service, interaction } = signIn;
  const { visitId, tenantId } = federation;
  const vouched = await findVisit(service, { signInId: interaction.uid, visitId });
  if (vouched === null) return showEnded(signIn);
  const recognition = await recognize(service, vouched);
  const who = whoOf(recognition, { person, amr });
  if (who === null) return receive(signIn, vouched);
  const admitted = await admitIdentity(service, { ...vouched, who });
  if (admitted === null) return receive(signIn, vouched);
  await endVisit(service, visitId);
  const joined = await joinedTenants(service, admitted._id);
  const tenant = joined.find((one) => one.tenantId === tenantId);
  // A member who may not act there at present.
  if (tenant === undefined) return showNoTenant(signIn);
  if (!tenant.isOpen) return showClosedTenants(signIn);
  return admit(signIn, { person: admitted, amr, federation, tenantId });
}

/** Whom to let in, as things are now; null where that is not what was proven. */
function whoOf(
  recognition: Recognition,
  { person, amr }: { person: PersonRow | null; amr: readonly string[] },
): { person: PersonRow } | { email: string } | null {
  if (recognition.outcome === 'new') return person === null ? { email: recognition.email } : null;
  if (recognition.outcome === 'refused' || recognition.person._id !== person?._id) return null;
  return recognition.outcome === 'known' || amr.includes('pwd') ? { person: recognition.person } : null;
}

async function refuse(signIn: SignIn, vouched: Vouched, reason: RefusedFor): Promise<void> {
  const { service, words } = signIn;
  const said = words.arriving.notAdmitted;
  const { connection, identity } = vouched;
  await endVisit(service, vouched.visitId);
  partsOf(service).metrics.signIns.inc({ outcome: 'not-admitted' });
  signIn.show({
    status: 403,
    title: said.title,
    body: html`<h1>${said.heading}</h1>
${errorSummary(said.reasons[reason])}
<p>${said.advice}</p>`,
  });
  const facts = { ...factsOf(signIn, identity.email ?? ''), connectionId: connection._id };
  await tellSignInFailed(service, { ...facts, person: null, reason, tenantId: connection.tenantId });
}

function showEnded(signIn: SignIn): Promise<void> {
  return showPasswordPage(signIn, {
    email: '',
    status: 400,
    error: signIn.words.arriving.sso.ended,
  });
}

function methodsOf({ identity }: Vouched): string[] {
  return [federated, ...(identity.hasSecondFactor ? ['mfa'] : [])];
}

function federationOf({ visitId, connection }: Vouched): Federation {
  return { visitId, connectionId: connection._id, tenantId: connection.tenantId };
}

function keep({ provider, request, response }: SignIn, sso: z.infer<typeof kept>): Promise<unknown> {
  return provider.interactionResult(request, response, { sso }, { mergeWithLastSubmission: false });
}
