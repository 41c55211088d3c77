// The one script of our pages, as a file of our own origin, so that pages need allow no other.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mountPath } from '../config.ts';

export const passkeyScriptPath = `${mountPath}/passkeys.js`;

const script = readFileSync(new URL('./passkeys.js', import.meta.url));
const etag = `"${createHash('sha256').update(script).digest('base64url')}"`;

export function sendPasskeyScript(request: IncomingMessage, response: ServerResponse): void {
  const isKnown = request.headers['if-none-match'] === etag;
  response
    .writeHead(isKnown ? 304 : 200, {
      'content-type': 'text/javascript; charset=utf-8',
      // Asked for anew each time: a page and its script are of one version.
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      etag,
    })
    .end(isKnown ? undefined : script);
}
