// A sign-in, step by step: password, second factor where there is one, tenant where there are several, and back to
// the client that asked. What was done so far is kept with the provider's interaction, bound to the browser by a
// signed cookie.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ErrorCode, PlatformError, serviceUnavailable } from '@supergraph/chassis/errors';
import { maskError } from '@supergraph/chassis/masking';
import { statusOf } from '@supergraph/chassis/problem';
import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import { brandOf } from '../branding/reading.ts';
import type { Arthemiz } from '../context.ts';
import type { RegisteredClientRow } from '../registered-clients/model.ts';
import { findRegisteredClient } from '../registered-clients/reading.ts';
import { thirdPartyConsentStep } from './consent-step.ts';
import { enrolmentStep, entryStep } from './enrolment-step.ts';
import { csrfToken, isCsrfToken, readForm } from './form-data.ts';
import { confirmForm } from './forms.ts';
import { html } from './html.ts';
import { errorSummary, type Page, renderPage } from './layout.ts';
import { passkeyStep } from './passkey-step.ts';
import { passwordStep } from './password-step.ts';
import { progressOf, tenantOf } from './progress.ts';
import { secondFactorStep } from './second-factor-step.ts';
import { ssoProgress, ssoStep } from './sso/step.ts';
import { tenantStep } from './tenant-step.ts';
import { type Words, wordsFor } from './words/words.ts';

export interface SignInRequest {
  service: Arthemiz;
  provider: Provider;
  request: IncomingMessage;
  response: ServerResponse;
}

export type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** One request of a sign-in, with what its steps need. */
export interface SignIn extends SignInRequest {
  interaction: Interaction;
  clientId: string | null;
  clientName: string;
  /** Where the client is a third party's: only members of its tenant sign in to it, and only if they allow it. */
  thirdParty: RegisteredClientRow | null;
  /** In the person's language. */
  words: Words;
  csrf: string;
  /** The posted fields; null for a look at the page. */
  form: URLSearchParams | null;
  /** Sends a page in the language of `words`, whose form may lead back to the client. */
  show(page: Page, headers?: Record<string, string>): void;
  /** Goes back to the provider, which goes on with the authorization request. */
  finish(result: Parameters<Provider['interactionFinished']>[2]): Promise<void>;
}

export async function handleSignIn(given: SignInRequest): Promise<void> {
  const { service, request, response } = given;
  if (!['GET', 'HEAD', 'POST'].includes(request.method ?? '')) {
    response.writeHead(405, { allow: 'GET, HEAD, POST' }).end();
    return;
  }
  try {
    const interaction = await openInteraction(given);
    if (interaction === null) return send(response, expired(request));
    const form = request.method === 'POST' ? await readForm(request) : null;
    const proof = { signInId: interaction.uid, keys: service.config.COOKIE_KEYS };
    if (form !== null && !isCsrfToken(form.get('csrf'), proof)) return send(response, expired(request));
    const signIn = await describe(given, { interaction, form });
    if (form?.get('action') === 'cancel') {
      return await signIn.finish({
        error: 'access_denied',
        error_description: 'the person cancelled the sign-in',
      });
    }
    await takeStep(signIn);
  } catch (error) {
    answerFailure(given, error);
  }
}

/** Says as a page that something failed. @throws the error when an answer has begun already */
export function answerFailure(
  { service, request, response }: Omit<SignInRequest, 'provider'>,
  error: unknown,
): void {
  if (response.headersSent) throw error;
  const known = error instanceof PlatformError ? error : unexpected(error, service.logger);
  send(response, refusal(known, wordsFor(request)));
}

async function describe(
  given: SignInRequest,
  { interaction, form }: Pick<SignIn, 'interaction' | 'form'>,
): Promise<SignIn> {
  const { service, provider, request, response } = given;
  const { client_id: clientId, redirect_uri: redirectUri } = interaction.params;
  const client = typeof clientId === 'string' ? await provider.Client.find(clientId) : undefined;
  const words = wordsFor(request);
  const thirdParty = client === undefined ? null : await findRegisteredClient(service, client.clientId);
  // No page says whose it is before that is known.
  const brand = await brandOf(service, thirdParty?.tenantId ?? tenantOf(progressOf(interaction)));
  const formTargets = [...service.config.PUBLIC_ORIGINS, ...originOf(redirectUri)];
  return {
    ...given,
    interaction,
    form,
    clientId: client?.clientId ?? null,
    clientName: client?.clientName ?? words.application,
    thirdParty,
    words,
    csrf: csrfToken(interaction.uid, service.config.COOKIE_KEYS),
    show: (page, headers = {}) => send(response, { lang: words.lang, formTargets, brand, ...page }, headers),
    finish: (result) =>
      provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false }),
  };
}

/** The sign-in that the browser's cookie and the URL agree on; null when it has ended. */
async function openInteraction({ provider, request, response }: SignInRequest): Promise<Interaction | null> {
  try {
    const interaction = await provider.interactionDetails(request, response);
    const path = new URL(request.url ?? '/', provider.issuer).pathname;
    return path.endsWith(`/${interaction.uid}`) ? interaction : null;
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return null;
    throw error;
  }
}

async function takeStep(signIn: SignIn): Promise<void> {
  const { interaction, form } = signIn;
  if (interaction.prompt.name === 'consent') return consentStep(signIn);
  const sso = ssoProgress(signIn);
  if (sso !== null) return ssoStep(signIn, sso);
  const progress = progressOf(interaction);
  if (form?.get('credential')) return passkeyStep(signIn, progress);
  // A password at a later step: somebody went back to the first page and sent it again, perhaps as another person.
  if (progress === null || form?.has('password')) return passwordStep(signIn);
  if (progress.awaits === 'second-factor') return secondFactorStep(signIn, progress);
  if (progress.awaits === 'enrolment') return enrolmentStep(signIn, progress);
  if (progress.awaits === 'entry') return entryStep(signIn, progress);
  return tenantStep(signIn, progress);
}

/** Third parties' clients ask for it. To the platform's own it is given: except to native programs. */
async function consentStep(signIn: SignIn): Promise<void> {
  const { form, interaction, csrf, clientName, thirdParty, words } = signIn;
  if (thirdParty !== null) return thirdPartyConsentStep(signIn, thirdParty);
  const isNative = interaction.prompt.reasons.includes('native_client_prompt');
  // For a device they did so when they confirmed its code.
  if (!isNative || interaction.deviceCode !== undefined || form !== null)
    return signIn.finish({ consent: {} });
  signIn.show({
    title: words.confirm.title,
    body: confirmForm({ csrf, clientName, words }),
  });
}

export function send(response: ServerResponse, page: Page, headers: Record<string, string> = {}): void {
  const rendered = renderPage(page);
  response.writeHead(rendered.status, { ...rendered.headers, ...headers }).end(rendered.body);
}

/** Of a sign-in that is over, or none that began here. */
export function expired(request: IncomingMessage): Page {
  const { lang, expired: words } = wordsFor(request);
  return {
    lang,
    status: 400,
    title: words.title,
    body: html`<h1>${words.heading}</h1>
<p>${words.lead}</p>
<p>${words.advice}</p>`,
  };
}

/** Said to a person as a page, and to the log with everything. */
function unexpected(error: unknown, logger: Arthemiz['logger']): PlatformError {
  const { message, extensions } = maskError(error, logger);
  return extensions?.code === 'SERVICE_UNAVAILABLE'
    ? serviceUnavailable(message)
    : new PlatformError('INTERNAL_SERVER_ERROR', message, { extensions: { traceId: extensions?.traceId } });
}

/** In the person's language; the error's own message is in English, for programs. */
function refusal(error: PlatformError, { lang, failure: words }: Words): Page {
  const said: Partial<Record<ErrorCode, string>> = {
    BAD_USER_INPUT: words.form,
    SERVICE_UNAVAILABLE: words.busy,
  };
  return {
    lang,
    status: statusOf(error),
    title: words.notNow,
    body: html`<h1>${words.notNow}</h1>
${errorSummary(said[error.code] ?? words.unexpected(String(error.extensions.traceId ?? 'none')))}
<p>${words.back}</p>`,
  };
}

function originOf(uri: unknown): string[] {
  const url = typeof uri === 'string' ? URL.parse(uri) : null;
  return url === null ? [] : [url.origin];
}
