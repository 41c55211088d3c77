import { setImmediate as turn } from 'node:timers/promises';
import type { Documents } from '@supergraph/chassis/documents';
import type { Logger } from '@supergraph/chassis/logging';
import { Gauge, type Registry } from 'prom-client';
import type { GatewayConfig } from '../config.ts';
import {
  fingerprintOf,
  loadTrustedDocuments,
  noTrustedDocuments,
  problemOf,
  type TrustedDocuments,
} from './trustedDocuments.ts';

export interface WatchedDocumentsOptions {
  /** The manifest, or the folder of manifests. */
  path: string;
  documents: Pick<Documents, 'read'>;
  logger: Logger;
  registry: Registry;
  /** How often the files are looked at. Default 5 s. */
  lookEveryMs?: number;
}

export interface OpenTrustedDocuments extends TrustedDocuments {
  /** Tells of those that another supergraph, which is served now, has made invalid: they are refused when asked for. */
  lookAgain(): Promise<void>;
  stop(): void;
}

/** Invalid documents that one line of the log names. */
const mostTold = 20;

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
  if (mode === 'off')
    return { ...noTrustedDocuments, lookAgain: async () => undefined, stop: () => undefined };
  if (path !== undefined) return watchTrustedDocuments({ ...rest, path });
  throw new Error(`TRUSTED_DOCUMENTS is ${mode}, and TRUSTED_DOCUMENTS_PATH does not say where they are.`);
}

/**
 * Trusted documents that follow their files. A change that is wrong changes nothing, and is told of: what was registered
 * before stays.
 * @throws Error when they are wrong at the start
 */
function watchTrustedDocuments(options: WatchedDocumentsOptions): OpenTrustedDocuments {
  const { path, documents, logger, registry, lookEveryMs = 5_000 } = options;
  const invalid = new Gauge({
    name: 'gateway_trusted_documents_invalid',
    help: 'Registered documents that are not valid for the supergraph that is served.',
    aggregator: 'max',
    registers: [registry],
  });
  let fingerprint = fingerprintOf(path);
  let current = loadTrustedDocuments(path, documents);
  let looks = 0;
  const look = () => {
    const latest = fingerprintOf(path);
    if (latest === fingerprint) return;
    fingerprint = latest;
    try {
      current = loadTrustedDocuments(path, documents);
      invalid.set(0);
      logger.info({ path, documents: current.size }, 'trusted documents were read again');
    } catch (error) {
      logger.error(
        { err: error, path },
        'trusted documents have changed and are wrong; the earlier ones stay',
      );
    }
  };
  async function lookAgain(): Promise<void> {
    looks += 1;
    const own = looks;
    const looked = current;
    const problems: { id: string; clientId: string | null; problem: string }[] = [];
    for (const document of looked.all) {
      // One at a time: there may be thousands, and requests are served meanwhile.
      await turn();
      if (own !== looks || looked !== current) return;
      const problem = problemOf(document, documents);
      if (problem !== undefined) problems.push({ id: document.id, clientId: document.clientId, problem });
    }
    invalid.set(problems.length);
    if (problems.length === 0) return;
    logger.error(
      { path, count: problems.length, documents: problems.slice(0, mostTold) },
      'registered documents are not valid for the supergraph that is served now, and are refused',
    );
  }

  // Looked at, not notified of: file systems that are mounted into containers don't tell of changes.
  const timer = setInterval(look, lookEveryMs).unref();
  return {
    find: (id, clientId) => current.find(id, clientId),
    has: (text, clientId) => current.has(text, clientId),
    get size() {
      return current.size;
    },
    lookAgain,
    stop() {
      clearInterval(timer);
      looks += 1;
    },
  };
}
