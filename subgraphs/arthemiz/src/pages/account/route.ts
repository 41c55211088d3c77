// The pages on which people see and change how and where they are signed in, under /auth/account. Who is not signed in does
// that first, in the way of any application: by an authorization request.
import { createHash, randomBytes } from 'node:crypto';
import { mountPath } from '../../config.ts';
import { clientAddress, publicOrigin } from '../../oidc/origin.ts';
import { noteLanguage } from '../../people/noting-language.ts';
import { federated } from '../../sso/assurance.ts';
import { csrfToken, isCsrfToken, readForm } from '../form-data.ts';
import { html } from '../html.ts';
import type { Page } from '../layout.ts';
import { answerFailure, type SignInRequest, send } from '../sign-in-route.ts';
import { type Words, wordsFor } from '../words/words.ts';
import { addAppPage } from './add-app.ts';
import { addPasskeyPage } from './add-passkey.ts';
import { changeEmailPage } from './change-email.ts';
import { changePasswordPage } from './change-password.ts';
import { confirmEmailPage } from './confirm-email.ts';
import { dataPage } from './data.ts';
import { deletePage } from './delete.ts';
import { endLinkPage } from './end-link.ts';
import { managedPage } from './managed.ts';
import { overviewPage } from './overview.ts';
import { openPlace, sealPlace } from './place.ts';
import { profilePage } from './profile.ts';
import { recoveryCodesPage } from './recovery-codes.ts';
import { removeAppPage } from './remove-app.ts';
import { removePasskeyPage } from './remove-passkey.ts';
import { sessionsPage } from './sessions.ts';
import type { AccountPage, Visit } from './visit.ts';

/** The client that people sign in to for these pages; its redirect address is the overview. */
export const accountClientId = 'account';
export const securityPath = `${mountPath}/account/security`;

const accountPath = `${mountPath}/account`;
/** Of an address that is kept while somebody signs in. Ours are shorter. */
const maximumQueryLength = 200;

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
  '/profile': profilePage,
  '/change-email': changeEmailPage,
  '/confirm-email': confirmEmailPage,
  '/data': dataPage,
  '/delete': deletePage,
};

/** Below the provider. */
export const accountPaths = Object.keys(pages).map((page) => `/account${page}`);

export function isAccountPath(path: string): boolean {
  return path.startsWith(`${accountPath}/`);
}

export async function handleAccount(given: SignInRequest): Promise<void> {
  const { service, provider, request, response } = given;
  const { pathname, search, searchParams: query } = new URL(request.url ?? '/', provider.issuer);
  const page = pages[pathname.slice(accountPath.length)];
  const browsers = wordsFor(request);
  if (page === undefined) return send(response, notFound(browsers));
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
      return isComingBack
        ? send(response, notSignedIn(browsers))
        : beginSignIn(given, `${pathname}${search.length > maximumQueryLength ? '' : search}`);
    const words = wordsFor(request, person.language);
    await noteLanguage(service, { person, language: words.language });
    // Whoever runs a tenant's provider may act there as its people, and may not look into their accounts.
    if (session.amr?.includes(federated))
      return await managedPage(visitOf(given, { person, session, form: null, query, words }));
    if (isComingBack) return redirect(given, openPlace(service.config, query.get('state')) ?? securityPath);
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
function beginSignIn({ service, request, response }: SignInRequest, place: string): void {
  const challenge = createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url');
  const parameters = new URLSearchParams({
    client_id: accountClientId,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${publicOrigin(request)}${securityPath}`,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: sealPlace(service.config, place),
  });
  redirect({ response }, `${mountPath}/authorize?${parameters}`);
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
