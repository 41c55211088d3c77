// Exporting all that a subgraph holds of a tenant. Whoever exports tenants asks for one batch after the other, so that no
// transaction grows with the tenant, and a crash costs one batch. What is asked for twice is written once.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { mongo } from 'mongoose';
import type { EventHandlers, HandlerInput } from '../event-handlers.ts';
import type { Service } from '../service.ts';
import { exportChunks } from './chunk-model.ts';
import type { ExportSource } from './sources.ts';

type AnyService = Service<unknown, unknown>;
type Requested<S> = HandlerInput<S, 'tenancy.export.requested.v1'>;

/** Bounds of one batch: it ends with the page that reaches one of them. */
const mostDocuments = 1_000;
const mostCharacters = 4_194_304;
const pageSize = 100;

const compress = promisify(gzip);

interface Exporting<S> {
  name: string;
  sources: ReadonlyArray<ExportSource<S>>;
}

interface Written {
  /** In this batch and all before it. */
  documents: number;
  isDone: boolean;
}

/** How a subgraph acts on what it is asked. */
export function exportHandlers<S extends AnyService>({ name, sources }: Exporting<S>): EventHandlers<S> {
  return {
    'tenancy.export.requested.v1': {
      at: 'region',
      async handle(input) {
        if (input.event.data.subgraph !== name) return;
        const written = await writeBatch(input, { name, sources });
        if (written !== null) await answer(input, { ...written, error: null });
      },
      async answerFailure(input) {
        if (input.event.data.subgraph !== name) return;
        await answer(input, { documents: 0, isDone: false, error: input.reason });
      },
    },
  };
}

/** Null for a request that was overtaken, by retries or out of the dead letters. */
async function writeBatch<S extends AnyService>(
  { event, service }: Requested<S>,
  exporting: Exporting<S>,
): Promise<Written | null> {
  const { tenantId, exportId, batch, expiresAt } = event.data;
  if (new Date(expiresAt) < new Date()) return null;
  const chunks = exportChunks(service.connection);
  // Ids are UUIDv7: a later export has a greater one.
  if ((await chunks.exists({ exportId: { $gt: exportId } })) !== null) return null;
  const latest = await chunks.findOne({ exportId }, { bytes: 0 }).sort({ batch: -1 }).lean();
  if (latest === null) await chunks.deleteMany({ exportId: { $ne: exportId } });
  else if (latest.batch > batch) return null;
  else if (latest.batch === batch || latest.next === null)
    return { documents: latest.documents, isDone: latest.next === null };
  const from = latest?.next ?? { source: exporting.sources[0]?.name ?? '', after: null };
  const { lines, documents, next } = await readBatch({ service, tenantId, exportId, from }, exporting);
  const total = (latest?.documents ?? 0) + documents;
  await chunks.create([
    {
      ...{ _id: `${exportId}/${batch}`, exportId, batch, documents: total, next },
      ...{ bytes: await compress(lines.join('')), expiresAt: new Date(expiresAt) },
    },
  ]);
  return { documents: total, isDone: next === null };
}

interface Place {
  source: string;
  after?: unknown;
}

async function readBatch<S extends AnyService>(
  given: { service: S; tenantId: string; exportId: string; from: Place },
  { name: subgraph, sources }: Exporting<S>,
): Promise<{ lines: string[]; documents: number; next: Place | null }> {
  const { service, tenantId, exportId, from } = given;
  const lines: string[] = [];
  let documents = 0;
  let characters = 0;
  let at: Place | null = from;
  while (at !== null && documents < mostDocuments && characters < mostCharacters) {
    const { source: name, after = null }: Place = at;
    const index = sources.findIndex((each) => each.name === name);
    const source = sources[index];
    if (source === undefined) throw new Error(`${subgraph} has nothing to export that is called ${name}.`);
    const page = await source.read({ service, tenantId, after, limit: pageSize });
    const { omitted } = source;
    const heading = { exportId, subgraph, model: name, documents: page.documents.length, omitted };
    const section = [JSON.stringify(heading), ...page.documents.map(lineOf)].map((line) => `${line}\n`);
    lines.push(...section);
    documents += page.documents.length;
    characters += section.reduce((sum, line) => sum + line.length, 0);
    const following: string | undefined = sources[index + 1]?.name;
    if (page.next !== null) at = { source: name, after: page.next };
    else at = following === undefined ? null : { source: following, after: null };
  }
  return { lines, documents, next: at };
}

/** Canonical Extended JSON: no type is lost. */
function lineOf(document: object): string {
  return mongo.BSON.EJSON.stringify(document, { relaxed: false });
}

async function answer<S>(
  { emit, event }: Requested<S>,
  outcome: Written & { error: string | null },
): Promise<void> {
  const { tenantId, exportId, subgraph, batch } = event.data;
  await emit('tenancy.export.finished.v1', {
    subject: tenantId,
    data: { tenantId, exportId, subgraph, batch, ...outcome },
  });
}
