// The operator's way to publish a supergraph for all gateways of an installation, and to go back to an earlier one.
import { readFile } from 'node:fs/promises';
import { readConfig, urlVariable } from '@supergraph/chassis/config';
import type { Logger } from '@supergraph/chassis/logging';
import { findBreakingChanges } from 'graphql';
import { z } from 'zod';
import { loadSupergraph } from '../execution/supergraph.ts';
import { openPublications, type Publications } from './publications.ts';

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
});

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
  const { NAMESPACE: namespace, SUPERGRAPH_MONGODB_URI: uri } = readConfig(config, {
    service: 'publish',
    env,
  });
  const publications = await openPublications({ uri, namespace, logger });
  try {
    if (action === 'list') {
      for (const publication of await publications.list()) print(JSON.stringify(publication));
      return 0;
    }
    if (action === 'rollback')
      return await rollBack(publications, { version: subject, note: rest[0], print });
    const [urls = '{}', note = ''] = rest;
    return await publish(publications, { file: subject, urls, note, print });
  } finally {
    await publications.close();
  }
}

const urlsShape = z.record(z.string(), urlVariable('http', 'https'));

async function publish(
  publications: Publications,
  given: { file: string; urls: string; note: string; print: PublishCommand['print'] },
): Promise<number> {
  const sdl = await readFile(given.file, 'utf8');
  const urls = urlsShape.parse(JSON.parse(given.urls));
  // Refused here rather than by every gateway.
  const { schema, subgraphNames } = loadSupergraph(sdl);
  const before = await publications.read();
  if (before !== null) {
    for (const { description } of findBreakingChanges(loadSupergraph(before.sdl).schema, schema))
      given.print(`warning: ${description}`);
  }
  const version = await publications.publish({ sdl, urls, note: given.note, copyOf: null });
  given.print(`published version ${version}: ${subgraphNames.join(', ')}`);
  return 0;
}

async function rollBack(
  publications: Publications,
  given: { version: string; note: string | undefined; print: PublishCommand['print'] },
): Promise<number> {
  const earlier = await publications.read(Number(given.version));
  if (earlier === null) {
    given.print(`There is no version ${given.version}.`);
    return 1;
  }
  const { sdl, urls, _id: copyOf } = earlier;
  const note = given.note ?? `back to ${copyOf}`;
  given.print(
    `published version ${await publications.publish({ sdl, urls, note, copyOf })}, as ${copyOf} was`,
  );
  return 0;
}
