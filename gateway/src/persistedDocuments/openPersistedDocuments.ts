// Documents by name: those that clients' builds have registered, and those that clients have named by their hash.
import type { DocumentSource } from '@supergraph/chassis/documents';
import type { ServiceFrame } from '@supergraph/chassis/service-frame';
import type { Redis } from 'ioredis';
import type { GatewayBounds } from '../bounds.ts';
import type { GatewayConfig } from '../config.ts';
import type { ServedGeneration } from '../supergraph/servedGeneration.ts';
import { createAutomaticQueries } from './automaticQueries.ts';
import { createPersistedDocuments, type PersistedDocuments } from './persistedDocuments.ts';
import { openTrustedDocuments } from './watchedDocuments.ts';

export interface OpenPersistedDocumentsOptions extends Pick<ServiceFrame, 'logger' | 'metrics' | 'opened'> {
  config: Pick<
    GatewayConfig,
    'NAMESPACE' | 'TRUSTED_DOCUMENTS' | 'TRUSTED_DOCUMENTS_PATH' | 'AUTOMATIC_PERSISTED_QUERIES'
  >;
  redis: Redis;
  served: ServedGeneration;
  bounds: Pick<GatewayBounds, 'trustedDocuments' | 'automaticQueries'>;
}

/** @throws Error where manifests are wrong, or asked for and nowhere to be found */
export async function openPersistedDocuments(
  options: OpenPersistedDocumentsOptions,
): Promise<PersistedDocuments> {
  const { config, redis, served, bounds, logger, opened } = options;
  const { registry } = options.metrics;
  const documents = { read: (source: DocumentSource) => served.current().documents.read(source) };
  const trusted = openTrustedDocuments({
    ...{ config, documents, logger, registry },
    ...bounds.trustedDocuments,
  });
  opened.add('trusted documents', () => trusted.stop());
  served.onReplace(() => void trusted.tellInvalid());
  // Before anybody is served: what is found valid is ready, too.
  await trusted.tellInvalid();
  const automatic =
    config.AUTOMATIC_PERSISTED_QUERIES === 'on'
      ? createAutomaticQueries({ redis, namespace: config.NAMESPACE, logger, ...bounds.automaticQueries })
      : null;
  return createPersistedDocuments({
    mode: config.TRUSTED_DOCUMENTS,
    ...{ trusted, automatic, logger, registry },
  });
}
