// Where identity providers send people back to: /auth/sso/CONNECTION/callback, and by SAML …/acs. The sign-in itself goes on at its own
// address, where its cookie says whose it is.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mountPath } from '../../config.ts';
import type { Arthemiz } from '../../context.ts';
import { publicOrigin } from '../../oidc/origin.ts';
import { partsOf } from '../../parts.ts';
import { ssoPath } from '../../sso/paths.ts';
import { samlMetadata } from '../../sso/saml.ts';
import { type Answer, answer } from '../../sso/visits.ts';
import { readForm } from '../form-data.ts';
import { html } from '../html.ts';
import { errorSummary, type Page } from '../layout.ts';
import { answerFailure, expired, send } from '../sign-in-route.ts';
import { type Words, wordsFor } from '../words/words.ts';

/** By which method each is asked. */
const methods: Readonly<Record<string, 'GET' | 'POST'>> = { callback: 'GET', acs: 'POST', metadata: 'GET' };
/** Assertions carry certificates and many groups. */
const maximumBytes = 262_144;

interface SsoRequest {
  service: Arthemiz;
  request: IncomingMessage;
  response: ServerResponse;
}

export function isSsoPath(path: string): boolean {
  return path.startsWith(`${ssoPath}/`);
}

export async function handleSsoReturn(given: SsoRequest): Promise<void> {
  const { service, request, response } = given;
  try {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', service.config.ISSUER);
    const [connectionId = '', what, ...rest] = pathname.slice(ssoPath.length + 1).split('/');
    const method = methods[what ?? ''];
    if (method === undefined || rest.length > 0) return send(response, notFound(request));
    if (request.method !== method) {
      response.writeHead(405, { allow: method }).end();
      return;
    }
    if (what === 'metadata') return sendMetadata(given, connectionId);
    const sent = method === 'GET' ? query : await readForm(request, { maximumBytes });
    goBack(given, await answer(service, { connectionId, answer: sent }));
  } catch (error) {
    answerFailure(given, error);
  }
}

/** The same for every id, so that it tells nobody which connections there are. */
function sendMetadata({ request, response }: SsoRequest, connectionId: string): void {
  if (!/^sso_[A-Za-z0-9-]{1,60}$/.test(connectionId)) {
    send(response, notFound(request));
    return;
  }
  const headers = { 'content-type': 'application/samlmetadata+xml', 'x-content-type-options': 'nosniff' };
  response.writeHead(200, headers).end(samlMetadata(connectionId, publicOrigin(request)));
}

function goBack({ service, request, response }: SsoRequest, given: Answer): void {
  if (given.signInId === null) {
    send(response, expired(request));
    return;
  }
  const signIn = `${given.origin}${mountPath}/sign-in/${given.signInId}`;
  if (given.handle !== null) {
    const location = `${signIn}?sso=${given.handle}`;
    response
      .writeHead(303, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
      .end();
    return;
  }
  partsOf(service).metrics.signIns.inc({ outcome: 'wrong-assertion' });
  service.logger.warn({ err: given.cause }, "an identity provider's answer was not taken");
  send(response, refused(wordsFor(request), signIn));
}

function notFound(request: IncomingMessage): Page {
  const { lang, account } = wordsFor(request);
  const { title, heading } = account.notFound;
  return { lang, status: 404, title, body: html`<h1>${heading}</h1>` };
}

function refused({ lang, arriving }: Words, signIn: string): Page {
  const words = arriving.notVouchedFor;
  return {
    lang,
    status: 403,
    title: words.title,
    body: html`<h1>${words.heading}</h1>
${errorSummary(words.lead)}
<p><a href="${signIn}">${words.again}</a>. ${words.advice}</p>`,
  };
}
