// Reading JSON bodies within bounds.
import type { IncomingMessage } from 'node:http';
import type { HTTPGraphQLResponse } from '@apollo/server';
import { GraphQLError } from 'graphql';

/**
 * Largest operation that a subgraph takes. The gateway lets clients send 1 MiB; what it makes of that for a subgraph
 * can be longer: planned, with representations of entities, and with a passport.
 */
export const maximumOperationBytes = 4 * 1_048_576;

/**
 * The parsed JSON body of a request.
 * @throws GraphQLError BAD_REQUEST with the HTTP status in `extensions.http`: 415 for another content type,
 *   413 above the limit, 400 for what is no JSON or breaks off.
 */
export async function readJsonBody(
  request: IncomingMessage,
  { maximumBytes, contentTypes = ['application/json'] }: { maximumBytes: number; contentTypes?: string[] },
): Promise<unknown> {
  const [contentType = ''] = (request.headers['content-type'] ?? '').split(';', 1);
  if (!contentTypes.includes(contentType.trim().toLowerCase()))
    throw refusal(415, `Send the body as ${contentTypes.join(' or ')}.`);
  const tooLarge = () => refusal(413, `The request body is larger than ${maximumBytes} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > maximumBytes) throw tooLarge();
  const text = await readText(request, { maximumBytes, tooLarge });
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(400, 'The request body is not JSON.');
  }
}

function readText(
  request: IncomingMessage,
  { maximumBytes, tooLarge }: { maximumBytes: number; tooLarge: () => Error },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const brokenOff = () => reject(refusal(400, 'The request broke off.'));
    // Its events are over when the client left before we came to listen.
    if (request.destroyed) return brokenOff();
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maximumBytes) {
        request.removeAllListeners('data');
        request.resume();
        reject(tooLarge());
      } else chunks.push(chunk);
    });
    request.once('end', () => {
      const [only] = chunks;
      resolve((chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)).toString('utf8'));
    });
    request.once('error', brokenOff);
  });
}

/** The text of an Apollo response. Incremental delivery is never switched on here, so every body is complete. */
export function bodyText(body: HTTPGraphQLResponse['body']): string {
  if (body.kind === 'complete') return body.string;
  throw new Error('Incremental delivery is not supported.');
}

/** A request that is refused for its form, with the HTTP status that says so. */
export function refusal(status: number, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status } } });
}
