// Manifests of registered documents, in the two forms in which clients' tools write them.
import { createHash } from 'node:crypto';
import { type DocumentNode, getOperationAST, parse as parseDocument } from 'graphql';
import { z } from 'zod';

/** A document that somebody has registered. */
export interface RegisteredDocument {
  id: string;
  text: string;
  /** Of the operation in it; null where the manifest does not say. */
  operationName: string | null;
  /** The OAuth client that it is for; null for everybody's. */
  clientId: string | null;
}

const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z.object({
      id: z.string().min(1).max(256),
      body: z.string().min(1),
      name: z.string().nullish(),
      type: z.enum(['query', 'mutation', 'subscription']).optional(),
      clientName: z.string().nullish(),
    }),
  ),
});

const maximumIdLength = 256;
const sha256Id = /^(?:sha256:)?([0-9a-f]{64})$/;

/**
 * Reads a manifest: Apollo's persisted query manifest, or an object of ids and texts as GraphQL Code Generator's
 * `persistedDocuments` writes it. An id that looks like a SHA-256 must be the one of its text.
 * @param clientId whose the documents are where they don't say so themselves
 * @throws Error that says what is wrong, without the file's name
 */
export function readManifest(text: string, clientId: string | null): RegisteredDocument[] {
  const documents = documentsIn(parse(text), clientId);
  for (const document of documents) {
    const [, claimed] = sha256Id.exec(document.id) ?? [];
    if (claimed !== undefined && claimed !== sha256Of(document.text))
      throw new Error(`The id ${document.id} is not the SHA-256 of its document.`);
  }
  return documents;
}

/** Why a document cannot be run whatever the schema is. */
export function syntaxProblem({ text, operationName }: RegisteredDocument): string | undefined {
  let document: DocumentNode;
  try {
    document = parseDocument(text, { noLocation: true });
  } catch (error) {
    // The parser calls itself for each level, so that thousands of brackets fill the stack.
    if (error instanceof RangeError) return 'The document is nested too deep.';
    return error instanceof Error ? error.message : String(error);
  }
  // Of several operations a request names its own.
  if (operationName === null || getOperationAST(document, operationName)) return undefined;
  return `The document has no operation named "${operationName}".`;
}

/** Lower-case hex, as clients write it. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('It is not JSON.');
  }
}

function documentsIn(manifest: unknown, clientId: string | null): RegisteredDocument[] {
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest))
    throw new Error('It is neither a persisted query manifest nor an object of ids and documents.');
  if ('format' in manifest) {
    const result = apolloManifest.safeParse(manifest);
    if (!result.success) {
      const [issue] = result.error.issues;
      throw new Error(`It is no manifest of version 1: ${issue?.path.join('.')}: ${issue?.message}.`);
    }
    return result.data.operations.map(({ id, body, name, clientName }) => ({
      id,
      text: body,
      operationName: name ?? null,
      clientId: clientName ?? clientId,
    }));
  }
  return Object.entries(manifest).map(([id, body]: [string, unknown]) => {
    if (id === '' || id.length > maximumIdLength || typeof body !== 'string' || body === '')
      throw new Error(`Under "${id.slice(0, 100)}" there is no document's text.`);
    return { id, text: body, operationName: null, clientId };
  });
}
