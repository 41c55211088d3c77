// The operator's way to publish a supergraph for all gateways of an installation, and to go back to an earlier one.
import { readFile } from 'node:fs/promises';
import { readConfig, urlVariable } from '@supergraph/chassis/config';
import type { Logger } from '@supergraph/chassis/logging';
import { findBreakingChanges } from 'graphql';
import { z } from 'zod';
import { createDocuments } from '../documents.ts';
import { loadSupergraph, type Supergraph } from '../execution/supergraph.ts';
import { invalidIn, loadTrustedDocuments } from '../persistedDocuments/trustedDocuments.ts';
import { openPublications, type Publication, type Publications } from './publications.ts';

export interface PublishCommand {
  /** What follows the program's name. */
  words: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  logger: Logger;
  /** Takes one line of the answer. */
  print(line: string): void;
}

const config = z.object({
  NAMESPACE: z.string().min(1).default('platform'),
  SUPERGRAPH_MONGODB_URI: urlVariable('mongodb', 'mongodb+srv'),
  /** Where the gateways' manifests are, to be told which registered documents a supergraph makes invalid. */
  TRUSTED_DOCUMENTS_PATH: z.string().min(1).optional(),
});

/** Where warnings go, and what they are about. */
interface Told {
  manifests: string | undefined;
  print: PublishCommand['print'];
}

interface PublishedOffer {
  version: number;
  subgraphNames: readonly string[];
}

/** Invalid documents that are told of. */
const mostTold = 20;

const usage = `Usage: ACTION
  publish FILE [URLS] [NOTE]   makes a supergraph the one that is served; URLS is JSON: subgraph → URL, or {}
  rollback VERSION [NOTE]      publishes an earlier one again
  list                         the newest fifty`;

/** Does what was asked. Gives the exit code: 0 done, 1 refused or failed, which is told, 2 not understood. */
export async function runPublishCommand(command: PublishCommand): Promise<number> {
  const [action = '', subject = ''] = command.words;
  if (action !== 'list' && !(['publish', 'rollback'].includes(action) && subject !== '')) {
    command.print(usage);
    return 2;
  }
  try {
    return await run(command);
  } catch (error) {
    command.print(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function run({ words, env, logger, print }: PublishCommand): Promise<number> {
  const [action = '', subject = '', ...rest] = words;
  const {
    NAMESPACE: namespace,
    SUPERGRAPH_MONGODB_URI: uri,
    TRUSTED_DOCUMENTS_PATH: manifests,
  } = readConfig(config, { service: 'publish', env });
  const publications = await openPublications({ uri, namespace, logger });
  try {
    if (action === 'list') {
      for (const publication of await publications.list()) print(JSON.stringify(publication));
      return 0;
    }
    if (action === 'rollback')
      return await rollBack(publications, { version: subject, note: rest[0], manifests, print });
    const [urls = '{}', note = ''] = rest;
    return await publish(publications, { file: subject, urls, note, manifests, print });
  } finally {
    await publications.close();
  }
}

const urlsShape = z.record(z.string(), urlVariable('http', 'https'));

type Offer = Pick<Publication, 'sdl' | 'urls' | 'note' | 'copyOf'>;

/** Makes it the one that is served, and tells of what it breaks. @throws where gateways would refuse it */
async function offer(publications: Publications, given: Offer & Told): Promise<PublishedOffer> {
  const { manifests, print, ...publication } = given;
  const supergraph = loadSupergraph(publication.sdl);
  const before = await publications.read();
  if (before !== null) {
    for (const { description } of findBreakingChanges(loadSupergraph(before.sdl).schema, supergraph.schema))
      print(`warning: ${description}`);
  }
  if (manifests !== undefined)
    for (const line of invalidDocuments(manifests, supergraph)) print(`warning: ${line}`);
  return { version: await publications.publish(publication), subgraphNames: supergraph.subgraphNames };
}

async function publish(
  publications: Publications,
  { file, urls, note, ...told }: { file: string; urls: string; note: string } & Told,
): Promise<number> {
  const sdl = await readFile(file, 'utf8');
  const published = await offer(publications, {
    ...{ sdl, note, copyOf: null, urls: urlsShape.parse(JSON.parse(urls)) },
    ...told,
  });
  told.print(`published version ${published.version}: ${published.subgraphNames.join(', ')}`);
  return 0;
}

async function rollBack(
  publications: Publications,
  { version, note, ...told }: { version: string; note: string | undefined } & Told,
): Promise<number> {
  const earlier = await publications.read(Number(version));
  if (earlier === null) {
    told.print(`There is no version ${version}.`);
    return 1;
  }
  const { sdl, urls, _id: copyOf } = earlier;
  // Loaded first, as a new one is: an older version may be one that this gateway's release refuses.
  const published = await offer(publications, {
    ...{ sdl, urls, note: note ?? `back to ${copyOf}`, copyOf },
    ...told,
  });
  told.print(`published version ${published.version}, as ${copyOf} was`);
  return 0;
}

/** What gateways will refuse of what clients' builds have registered. */
function invalidDocuments(manifests: string, supergraph: Supergraph): string[] {
  const documents = createDocuments(supergraph);
  const invalid = loadTrustedDocuments(manifests).all.flatMap((each) => invalidIn(each, documents) ?? []);
  const told = invalid
    .slice(0, mostTold)
    .map(
      ({ id, clientId, problem }) =>
        `the registered document ${id}${clientId === null ? '' : ` of ${clientId}`} will be refused: ${problem}`,
    );
  const rest = invalid.length - told.length;
  return rest > 0 ? [...told, `${rest} more registered documents will be refused.`] : told;
}
