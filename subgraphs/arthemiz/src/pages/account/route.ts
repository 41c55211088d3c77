// The pages on which people see and change how and where they are signed in, under /auth/account. Who is not signed in does
// that first, in the way of any application: by an authorization request.
import { createHash, randomBytes } from 'node:crypto';
import { mountPath } from '../../config.ts';
import { clientAddress, publicOrigin } from '../../oidc/origin.ts';
import { federated } from '../../sso/assurance.ts';
import { csrfToken, isCsrfToken, readForm } from '../form-data.ts';
import { html } from '../html.ts';
import type { Page } from '../layout.ts';
import { answerFailure, type SignInRequest, send } from '../sign-in-route.ts';
import { type Words, wordsFor } from '../words/words.ts';
import { addAppPage } from './add-app.ts';
import { addPasskeyPage } from './add-passkey.ts';
import { changePasswordPage } from './change-password.ts';
import { endLinkPage } from './end-link.ts';
import { managedPage } from './managed.ts';
import { overviewPage } from './overview.ts';
import { recoveryCodesPage } from './recovery-codes.ts';
import { removeAppPage } from './remove-app.ts';
import { removePasskeyPage } from './remove-passkey.ts';
import { sessionsPage } from './sessions.ts';
import type { AccountPage, Visit } from './visit.ts';

/** The client that people sign in to for these pages; its redirect address is the overview. */
export const accountClientId = 'account';
export const securityPath = `${mountPath}/account/security`;

const accountPath = `${mountPath}/account`;

const pages: Record<string, AccountPage> = {
  '/security': overviewPage,
  '/security/add-app': addAppPage,
  '/security/remove-app': removeAppPage,
  '/security/add-passkey': addPasskeyPage,
  '/security/remove-passkey': removePasskeyPage,
  '/security/recovery-codes': recoveryCodesPage,
  '/security/change-password': changePasswordPage,
  '/security/end-link': endLinkPage,
  '/sessions': sessionsPage,
};

/** Below the provider. */
export const accountPaths = Object.keys(pages).map((page) => `/account${page}`);

export function isAccountPath(path: string): boolean {
  return path.startsWith(`${accountPath}/`);
}

export async function handleAccount(given: SignInRequest): Promise<void> {
  const { service, provider, request, response } = given;
  const { pathname, searchParams: query } = new URL(request.url ?? '/', provider.issuer);
  const page = pages[pathname.slice(accountPath.length)];
  const words = wordsFor(request);
  if (page === undefined) return send(response, notFound(words));
  if (!['GET', 'HEAD', 'POST'].includes(request.method ?? '')) {
    response.writeHead(405, { allow: 'GET, HEAD, POST' }).end();
    return;
  }
  try {
    const session = await provider.Session.get(provider.createContext(request, response));
    const person =
      session.accountId === undefined
        ? null
        : await service.models.Person.findOne({ _id: session.accountId }).lean();
    const isComingBack = query.has('code') || query.has('error');
    if (person === null)
      return isComingBack ? send(response, notSignedIn(words)) : beginSignIn(given, pathname);
    // Whoever runs a tenant's provider may act there as its people, and may not look into their accounts.
    if (session.amr?.includes(federated))
      return await managedPage(visitOf(given, { person, session, form: null, query, words }));
    if (isComingBack) return redirect(given, pathAskedFor(query));
    const proof = { signInId: `account:${session.uid}`, keys: service.config.COOKIE_KEYS };
    const form = request.method === 'POST' ? await readForm(request) : null;
    if (form !== null && !isCsrfToken(form.get('csrf'), proof)) return send(response, expired(words));
    await page(visitOf(given, { person, session, form, query, words }));
  } catch (error) {
    answerFailure(given, error);
  }
}

function visitOf(
  given: SignInRequest,
  { person, session, form, query, words }: Pick<Visit, 'person' | 'session' | 'form' | 'query' | 'words'>,
): Visit {
  const { service, request, response } = given;
  return {
    service,
    request,
    response,
    person,
    session,
    words,
    facts: {
      person,
      ipAddress: clientAddress(request),
      userAgent: request.headers['user-agent'] ?? null,
    },
    csrf: csrfToken(`account:${session.uid}`, service.config.COOKIE_KEYS),
    form,
    query,
    show: (page, headers) => send(response, { lang: words.lang, ...page }, headers),
    leave: (to = '/security') => redirect(given, `${accountPath}${to}`),
  };
}

/** The code that comes back is not needed: the browser's session says who it is. Its verifier is thrown away. */
function beginSignIn({ request, response }: SignInRequest, pathname: string): void {
  const challenge = createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url');
  const parameters = new URLSearchParams({
    client_id: accountClientId,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${publicOrigin(request)}${securityPath}`,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: pathname.slice(accountPath.length),
  });
  redirect({ response }, `${mountPath}/authorize?${parameters}`);
}

/** Where the sign-in was begun; anybody may have written it, so that nothing but one of our pages is believed. */
function pathAskedFor(query: URLSearchParams): string {
  const state = query.get('state') ?? '';
  return Object.hasOwn(pages, state) ? `${accountPath}${state}` : securityPath;
}

function redirect({ response }: Pick<SignInRequest, 'response'>, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store' }).end();
}

function notFound({ lang, account }: Words): Page {
  const words = account.notFound;
  return { lang, status: 404, title: words.title, body: html`<h1>${words.heading}</h1>` };
}

function notSignedIn({ lang, account, signIn }: Words): Page {
  const words = account.notSignedIn;
  return {
    lang,
    status: 403,
    title: words.title,
    body: html`<h1>${words.heading}</h1>
<p>${words.lead}</p>
<p><a href="${securityPath}">${signIn.title}</a></p>`,
  };
}

function expired({ lang, account }: Words): Page {
  const words = account.expired;
  return {
    lang,
    status: 400,
    title: words.title,
    body: html`<h1>${words.heading}</h1>
<p>${words.lead}</p>
<p><a href="${securityPath}">${words.again}</a></p>`,
  };
}
