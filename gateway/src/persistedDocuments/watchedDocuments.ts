import { setImmediate as turn } from 'node:timers/promises';
import type { Documents } from '@supergraph/chassis/documents';
import type { Logger } from '@supergraph/chassis/logging';
import { Gauge, type Registry } from 'prom-client';
import type { GatewayConfig } from '../config.ts';
import {
  fingerprintOf,
  type InvalidDocument,
  invalidIn,
  type JudgedDocuments,
  loadTrustedDocuments,
  noTrustedDocuments,
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

export interface OpenTrustedDocuments extends JudgedDocuments {
  /**
   * Tells of those that are not valid for the supergraph that is served now: they are refused when they are asked for.
   * To be called at the start and for each other supergraph; a change of the files it knows of.
   */
  tellInvalid(): Promise<void>;
  stop(): void;
}

/** Invalid documents that one line of the log names. */
const mostTold = 20;

/**
 * The trusted documents of a configuration.
 * @throws Error where manifests are wrong, or asked for and nowhere to be found
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
    return { ...noTrustedDocuments, tellInvalid: async () => undefined, stop: () => undefined };
  if (path !== undefined) return watchTrustedDocuments({ ...rest, path });
  throw new Error(`TRUSTED_DOCUMENTS is ${mode}, and TRUSTED_DOCUMENTS_PATH does not say where they are.`);
}

/**
 * Trusted documents that follow their files. A manifest that is wrong changes nothing, and is told of: what was
 * registered before stays. One with documents that the supergraph does not accept is taken: the others are to run, and
 * it may come before the supergraph that has their fields.
 * @throws Error when manifests are wrong at the start
 */
function watchTrustedDocuments(options: WatchedDocumentsOptions): OpenTrustedDocuments {
  const { path, documents, logger, registry, lookEveryMs = 5_000 } = options;
  const invalidCount = new Gauge({
    name: 'gateway_trusted_documents_invalid',
    help: 'Registered documents that are not valid for the supergraph that is served.',
    aggregator: 'max',
    registers: [registry],
  });
  let fingerprint = fingerprintOf(path);
  let current = loadTrustedDocuments(path);
  let invalidTexts: ReadonlySet<string> = new Set();
  let looks = 0;
  const look = () => {
    const latest = fingerprintOf(path);
    if (latest === fingerprint) return;
    fingerprint = latest;
    try {
      current = loadTrustedDocuments(path);
      logger.info({ path, documents: current.size }, 'trusted documents were read again');
      void tellInvalid();
    } catch (error) {
      logger.error(
        { err: error, path },
        'trusted documents have changed and are wrong; the earlier ones stay',
      );
    }
  };
  async function tellInvalid(): Promise<void> {
    looks += 1;
    const own = looks;
    const found: InvalidDocument[] = [];
    const texts = new Set<string>();
    for (const document of current.all) {
      // One at a time: there may be thousands, and requests are served meanwhile.
      await turn();
      if (own !== looks) return;
      const invalid = invalidIn(document, documents);
      if (invalid === undefined) continue;
      found.push(invalid);
      texts.add(document.text);
    }
    invalidTexts = texts;
    invalidCount.set(found.length);
    if (found.length === 0) return;
    logger.error(
      { path, count: found.length, documents: found.slice(0, mostTold) },
      'registered documents are not valid for the supergraph that is served now, and are refused',
    );
  }

  // Looked at, not notified of: file systems that are mounted into containers don't tell of changes.
  const timer = setInterval(look, lookEveryMs).unref();
  return {
    find: (id, clientId) => current.find(id, clientId),
    has: (text, clientId) => current.has(text, clientId),
    isInvalid: (text) => invalidTexts.has(text),
    get size() {
      return current.size;
    },
    tellInvalid,
    stop() {
      clearInterval(timer);
      looks += 1;
    },
  };
}
