// From what a request names to the text of a document, and whether this viewer may send one that nobody registered.
import { refusal } from '@supergraph/chassis/body';
import { documentNotTrusted } from '@supergraph/chassis/errors';
import type { Logger } from '@supergraph/chassis/logging';
import type { Viewer } from '@supergraph/chassis/viewer';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { Counter, type Registry } from 'prom-client';
import { isPublicClient } from '../authorization/developers.ts';
import type { GraphqlParameters } from '../operations.ts';
import type { AutomaticQueries } from './automaticQueries.ts';
import { sha256Of } from './manifest.ts';
import type { JudgedDocuments } from './trustedDocuments.ts';

/** An operation as a client sends it: the text of its document, or a name for it. */
export interface DocumentRequest extends Omit<GraphqlParameters, 'query'> {
  query?: string | undefined;
  /** GraphQL over HTTP, appendix A. */
  documentId?: string | null | undefined;
}

/**
 * `off`: none are registered. `allowed`: they may be asked for by their ids. `log`: documents of public clients that
 * are not registered are told of, and run. `required`: they are refused.
 */
export type TrustedDocumentsMode = 'off' | 'allowed' | 'log' | 'required';

export interface PersistedDocuments {
  /**
   * @throws GraphQLError, at once or later: for a document that is not known, whose hash is wrong, or that this viewer
   *   may not send.
   */
  resolve(request: DocumentRequest, viewer: Viewer): GraphqlParameters | Promise<GraphqlParameters>;
}

export interface PersistedDocumentsOptions {
  mode: TrustedDocumentsMode;
  trusted: JudgedDocuments;
  /** Null where they are switched off. */
  automatic: AutomaticQueries | null;
  logger: Logger;
  registry: Registry;
}

const sha256 = /^(?:sha256:)?([0-9a-f]{64})$/;

export function createPersistedDocuments(options: PersistedDocumentsOptions): PersistedDocuments {
  const { mode, trusted, automatic, logger } = options;
  const seen = new Counter({
    name: 'gateway_persisted_documents_total',
    help: 'Documents that were asked for by a name, sent to be remembered, or not registered though they should be.',
    labelNames: ['outcome'],
    registers: [options.registry],
  });
  /** What has been told of, so that one client's polling is one line. */
  const told = new LRUCache<string, true>({ max: 1_000 });
  const isGuarded = mode === 'log' || mode === 'required';

  function resolve(request: DocumentRequest, viewer: Viewer): GraphqlParameters | Promise<GraphqlParameters> {
    const { query, documentId, extensions } = request;
    if (typeof documentId === 'string') {
      if (query) throw refusal(400, 'Send the document or its documentId, not both.');
      return named(request, viewer, documentId);
    }
    if (documentId !== undefined && documentId !== null)
      throw refusal(400, 'The parameter "documentId" is no string.');
    const persisted = extensions?.persistedQuery;
    if (persisted !== undefined && persisted !== null) {
      const hash = hashOf(persisted);
      if (!query) return named(request, viewer, hash);
      return remembered({ ...request, query }, viewer, hash);
    }
    if (!query)
      throw refusal(
        400,
        'The request is no GraphQL operation. "query": expected the text of a GraphQL document.',
      );
    return sent({ ...request, query }, viewer);
  }

  /** A text, and not only its name. */
  function sent(request: DocumentRequest & { query: string }, viewer: Viewer): GraphqlParameters {
    const { query } = request;
    if (isGuarded) demandRegistered(query, request, viewer);
    const isRegistered = trusted.has(query, viewer.clientId) && !trusted.isInvalid(query);
    return { ...withText(request, query), isRegistered };
  }

  function named(
    request: DocumentRequest,
    viewer: Viewer,
    id: string,
  ): GraphqlParameters | Promise<GraphqlParameters> {
    const text = trusted.find(id, viewer.clientId);
    if (text !== undefined) {
      seen.inc({ outcome: 'trusted' });
      return { ...withText(request, text), isRegistered: !trusted.isInvalid(text) };
    }
    // Nobody is told to send a text that would then be refused.
    if (mode === 'required' && isPublicClient(viewer)) throw untrusted(`"${id.slice(0, 100)}"`);
    const [, hash] = sha256.exec(id) ?? [];
    if (automatic === null && request.documentId === undefined) throw persistedQueryNotSupported();
    const found = hash === undefined ? undefined : automatic?.find(hash);
    const settle = (query: string | undefined): GraphqlParameters => {
      seen.inc({ outcome: query === undefined ? 'unknown' : 'automatic' });
      if (query === undefined) throw persistedQueryNotFound();
      return sent({ ...request, query }, viewer);
    };
    return found instanceof Promise ? found.then(settle) : settle(found);
  }

  /** A text that comes with its hash is remembered for the next time. */
  function remembered(
    request: DocumentRequest & { query: string },
    viewer: Viewer,
    hash: string,
  ): GraphqlParameters {
    const { query } = request;
    if (sha256Of(query) !== hash) throw refusal(400, 'provided sha does not match query');
    const parameters = sent(request, viewer);
    if (automatic === null || parameters.isRegistered) return parameters;
    // What is not valid is not worth remembering.
    const onValid = () => {
      automatic.keep(hash, query);
      seen.inc({ outcome: 'kept' });
    };
    return { ...parameters, onValid };
  }

  function demandRegistered(query: string, { operationName }: DocumentRequest, viewer: Viewer): void {
    if (!isPublicClient(viewer) || trusted.has(query, viewer.clientId)) return;
    if (mode === 'required') {
      seen.inc({ outcome: 'refused' });
      throw untrusted(operationName ? `"${operationName.slice(0, 100)}"` : 'that was sent');
    }
    seen.inc({ outcome: 'untrusted' });
    const documentHash = sha256Of(query);
    const key = `${viewer.clientId} ${documentHash}`;
    if (told.has(key)) return;
    told.set(key, true);
    logger.warn(
      { documentHash, operationName: operationName?.slice(0, 100), clientId: viewer.clientId },
      'a public client sent a document that is not registered',
    );
  }

  return { resolve };
}

/** @throws GraphQLError where it is not what Apollo's clients send. */
function hashOf(persisted: unknown): string {
  const given: { version?: unknown; sha256Hash?: unknown } =
    typeof persisted === 'object' && persisted !== null ? persisted : {};
  if (given.version !== 1) throw refusal(400, 'Unsupported persisted query version');
  if (typeof given.sha256Hash === 'string' && given.sha256Hash !== '') return given.sha256Hash;
  throw refusal(400, 'The extension "persistedQuery" has no sha256Hash.');
}

// Nothing else of what a client sent goes any further.
function withText(
  { operationName, variables, extensions }: DocumentRequest,
  query: string,
): GraphqlParameters {
  return { query, operationName, variables, extensions };
}

function untrusted(what: string) {
  return documentNotTrusted(
    `Only registered documents are taken here, and the one ${what} is none. Register it with your client's next release, or sign in as a developer (schema:read).`,
  );
}

// Messages and status as Apollo's clients expect them: the first makes them send the text, the second stop asking.
const persistedQueryNotFound = () => persisted('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
const persistedQueryNotSupported = () =>
  persisted('PersistedQueryNotSupported', 'PERSISTED_QUERY_NOT_SUPPORTED');

function persisted(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 200 } } });
}
