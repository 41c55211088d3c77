// The pages that links in mails lead to, and the one that asks for such a mail.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mountPath } from '../../config.ts';
import type { Arthemiz } from '../../context.ts';
import { clientAddress } from '../../oidc/origin.ts';
import { readForm } from '../form-data.ts';
import { answerFailure, send } from '../sign-in-route.ts';
import { wordsFor } from '../words/words.ts';
import { forgottenPage } from './forgotten.ts';
import { invitationPage } from './invitation.ts';
import { resetPage } from './reset.ts';
import type { LinkPage } from './visit.ts';

const pages: Readonly<Record<string, LinkPage>> = {
  [`${mountPath}/invitation`]: invitationPage,
  [`${mountPath}/password/forgotten`]: forgottenPage,
  [`${mountPath}/password/reset`]: resetPage,
};

export function isLinkPath(path: string): boolean {
  return Object.hasOwn(pages, path);
}

interface LinkRequest {
  service: Arthemiz;
  request: IncomingMessage;
  response: ServerResponse;
}

export async function handleLink(given: LinkRequest): Promise<void> {
  const { service, request, response } = given;
  if (!['GET', 'HEAD', 'POST'].includes(request.method ?? '')) {
    response.writeHead(405, { allow: 'GET, HEAD, POST' }).end();
    return;
  }
  const { pathname, searchParams } = new URL(request.url ?? '/', service.config.ISSUER);
  const words = wordsFor(request);
  try {
    await pages[pathname]?.({
      ...given,
      words,
      secret: searchParams.get('link') ?? '',
      ipAddress: clientAddress(request),
      userAgent: request.headers['user-agent'] ?? null,
      // Looking at a page changes nothing: mail servers follow links to see where they lead.
      form: request.method === 'POST' ? await readForm(request) : null,
      show: (page, headers) => send(response, { lang: words.lang, ...page }, headers),
    });
  } catch (error) {
    answerFailure(given, error);
  }
}
