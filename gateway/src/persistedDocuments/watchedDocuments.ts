import type { Documents } from '@supergraph/chassis/documents';
import type { Logger } from '@supergraph/chassis/logging';
import type { GatewayConfig } from '../config.ts';
import {
  fingerprintOf,
  loadTrustedDocuments,
  noTrustedDocuments,
  type TrustedDocuments,
} from './trustedDocuments.ts';

export interface WatchedDocumentsOptions {
  /** The manifest, or the folder of manifests. */
  path: string;
  documents: Pick<Documents, 'read'>;
  logger: Logger;
  /** How often the files are looked at. Default 5 s. */
  lookEveryMs?: number;
}

export type OpenTrustedDocuments = TrustedDocuments & { stop(): void };

/**
 * The trusted documents of a configuration.
 * @throws Error where they are wrong, or asked for and nowhere to be found
 */
export function openTrustedDocuments(
  options: { config: Pick<GatewayConfig, 'TRUSTED_DOCUMENTS' | 'TRUSTED_DOCUMENTS_PATH'> } & Omit<
    WatchedDocumentsOptions,
    'path'
  >,
): OpenTrustedDocuments {
  const { config, ...rest } = options;
  const { TRUSTED_DOCUMENTS: mode, TRUSTED_DOCUMENTS_PATH: path } = config;
  if (mode === 'off') return { ...noTrustedDocuments, stop: () => undefined };
  if (path !== undefined) return watchTrustedDocuments({ ...rest, path });
  throw new Error(`TRUSTED_DOCUMENTS is ${mode}, and TRUSTED_DOCUMENTS_PATH does not say where they are.`);
}

/**
 * Trusted documents that follow their files. A change that is wrong changes nothing, and is told of: what was registered
 * before stays.
 * @throws Error when they are wrong at the start
 */
function watchTrustedDocuments(options: WatchedDocumentsOptions): OpenTrustedDocuments {
  const { path, documents, logger, lookEveryMs = 5_000 } = options;
  let fingerprint = fingerprintOf(path);
  let current = loadTrustedDocuments(path, documents);
  const look = () => {
    const latest = fingerprintOf(path);
    if (latest === fingerprint) return;
    fingerprint = latest;
    try {
      current = loadTrustedDocuments(path, documents);
      logger.info({ path, documents: current.size }, 'trusted documents were read again');
    } catch (error) {
      logger.error(
        { err: error, path },
        'trusted documents have changed and are wrong; the earlier ones stay',
      );
    }
  };
  // Looked at, not notified of: file systems that are mounted into containers don't tell of changes.
  const timer = setInterval(look, lookEveryMs).unref();
  return {
    find: (id, clientId) => current.find(id, clientId),
    has: (text, clientId) => current.has(text, clientId),
    get size() {
      return current.size;
    },
    stop: () => clearInterval(timer),
  };
}
