// The parameters of a GraphQL operation out of an HTTP request (GraphQL over HTTP, section "Request").
import type { IncomingMessage } from 'node:http';
import { readJsonBody, refusal } from '@supergraph/chassis/body';
import { z } from 'zod';
import type { DocumentRequest } from '../persistedDocuments/persistedDocuments.ts';

const maximumBodyBytes = 1_048_576;
const map = z.record(z.string(), z.unknown(), { error: 'expected an object' });

const parametersShape = z.object(
  {
    query: z.string({ error: 'expected the text of a GraphQL document' }).min(1, 'is empty').optional(),
    documentId: z.string({ error: 'expected a string' }).min(1, 'is empty').nullish(),
    operationName: z.string({ error: 'expected a string' }).nullish(),
    variables: map.nullish(),
    extensions: map.nullish(),
  },
  { error: 'expected one JSON object; batches are not served' },
);

/** @throws GraphQLError with the HTTP status in `extensions.http` */
export async function readParameters(request: IncomingMessage): Promise<DocumentRequest> {
  if (request.method === 'GET') return check(fromQueryString(request.url ?? ''));
  if (request.method === 'POST')
    return check(await readJsonBody(request, { maximumBytes: maximumBodyBytes }));
  throw refusal(405, 'Send queries by GET or POST, mutations by POST.');
}

function fromQueryString(url: string): Record<string, unknown> {
  const { searchParams } = new URL(url, 'http://gateway');
  const text = (name: string) => searchParams.get(name) ?? undefined;
  return {
    query: text('query'),
    documentId: text('documentId'),
    operationName: text('operationName'),
    variables: json('variables', text('variables')),
    extensions: json('extensions', text('extensions')),
  };
}

function json(name: string, text: string | undefined): unknown {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(400, `The parameter "${name}" is not JSON.`);
  }
}

function check(given: unknown): DocumentRequest {
  const result = parametersShape.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `"${path.join('.')}": ${message}` : message,
  );
  throw refusal(400, `The request is no GraphQL operation. ${problems.join('; ')}.`);
}
