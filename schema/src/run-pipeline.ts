// From the subgraphs' SDL, the event schemas, the protobuf files and the clients' operations to all that is made of
// them, or to the reasons why not. A refused schema changes no file.
import { join } from 'node:path';
import { lintCacheMarks } from './cache-marks.ts';
import { type ClientDocuments, clientDocumentTypes, readClientDocuments } from './client-documents.ts';
import { compareSchemas } from './compatibility.ts';
import { type Composition, composeSubgraphs } from './composition.ts';
import { lintDocumentation } from './documentation.ts';
import { type EventSchema, readEventSchemas } from './event-schemas.ts';
import { eventTypes } from './event-types.ts';
import type { Finding } from './finding.ts';
import { type GeneratedFile, readIfThere, staleFiles, writeFiles } from './generated-files.ts';
import { lintListSizes } from './list-sizes.ts';
import { lintMergedPermissions } from './merged-permissions.ts';
import { lintPermissions } from './permissions.ts';
import { compareProtobuf, lintProtobuf, protobufTypes, releaseOfProtobuf } from './protobuf.ts';
import { compareEvents, releaseOf } from './released-events.ts';
import { lintParentTypes, type ParentTypes, resolverTypes } from './resolver-types.ts';
import { lintResources } from './resource-permissions.ts';
import { readSubgraphs, type Subgraph } from './subgraphs.ts';

export interface PipelineOptions {
  /** Where subgraphs/ and schema/ lie. */
  root: string;
  mode: PipelineMode;
  /** All that can be granted. */
  permissions: readonly string[];
  /** Those of them that something else than a subgraph's SDL asks for. */
  permissionsAskedElsewhere: readonly string[];
  /** Subgraph → what its resolvers get as parents. */
  parentTypes: Readonly<Record<string, ParentTypes>>;
}

/** `check` writes nothing and finds what is stale; `release` records a release too, `break` even one that breaks clients. */
export type PipelineMode = 'write' | 'check' | 'release' | 'break';

export interface PipelineResult {
  subgraphs: string[];
  /** Why the schema is refused; empty when it is not. */
  findings: Finding[];
  /** What somebody should know and need not change. */
  notes: string[];
  /** Files that had to be written, from the root. */
  written: string[];
}

export async function runPipeline(options: PipelineOptions): Promise<PipelineResult> {
  const { root, mode } = options;
  const { subgraphs, findings: unreadable } = readSubgraphs(root);
  const { eventSchemas, findings: ofEvents } = readEventSchemas(root);
  const notes: string[] = [];
  const done = (written: string[]): PipelineResult => ({
    subgraphs: subgraphs.map(({ name }) => name),
    findings: [],
    notes,
    written,
  });
  const refused = (findings: Finding[]): PipelineResult => ({ ...done([]), findings });

  // Without one subgraph, composition would only blame the others.
  if (unreadable.length > 0) return refused([...unreadable, ...ofEvents]);
  const ofSources = [
    ...lint(subgraphs, options),
    ...subgraphs.flatMap((subgraph) => lintCacheMarks({ subgraph, eventSchemas })),
    ...ofEvents,
    ...(await lintProtobuf(root)),
  ];
  const composed = composeSubgraphs(subgraphs);
  if ('findings' in composed) return refused([...ofSources, ...composed.findings]);
  const { composition } = composed;
  notes.push(...composition.hints);
  // A mark that can't be read would stop what follows.
  if (ofSources.length > 0) return refused(ofSources);

  const merged = lintMergedPermissions(subgraphs, composition.supergraph);
  const compatibility = await compareWithRelease({ root, composition, eventSchemas });
  notes.push(...compatibility.notes);
  if (mode === 'break')
    notes.push(...compatibility.breaking.map(({ where, problem }) => `${where}: ${problem}`));
  const clients = readClientDocuments(root, composition.publicSchema);
  const inTheWay = [...merged, ...clients.findings, ...(mode === 'break' ? [] : compatibility.breaking)];
  if (inTheWay.length > 0) return refused(inTheWay);

  const stale = staleFiles(
    root,
    await generate({ ...options, subgraphs, composition, eventSchemas, clients }),
  );
  if (mode === 'check') return refused(stale.map(staleFinding));
  writeFiles(root, stale);
  return done(stale.map(({ file }) => file));
}

const releasedSchemaFile = 'schema/released.graphql';
const releasedEventsFile = 'schema/released-events.json';

function lint(subgraphs: readonly Subgraph[], options: PipelineOptions): Finding[] {
  const { permissions, permissionsAskedElsewhere, parentTypes } = options;
  const ofPermissions = subgraphs.flatMap((subgraph) => lintPermissions({ subgraph, permissions }));
  // Marks that can't be read say nothing of what lacks them.
  const ofResources =
    ofPermissions.length > 0
      ? []
      : lintResources({ subgraphs, permissions, askedElsewhere: permissionsAskedElsewhere });
  return [
    ...subgraphs.flatMap(lintDocumentation),
    ...ofPermissions,
    ...ofResources,
    ...subgraphs.flatMap(lintListSizes),
    ...lintParentTypes(subgraphs, parentTypes),
  ];
}

interface Sources {
  root: string;
  composition: Composition;
  eventSchemas: readonly EventSchema[];
}

async function compareWithRelease({ root, composition, eventSchemas }: Sources) {
  const released = readIfThere(join(root, releasedSchemaFile));
  const releasedEvents = readIfThere(join(root, releasedEventsFile));
  const ofSchema = released && (await compareSchemas({ released, current: composition.publicSchema }));
  const ofMessages = [
    ...(releasedEvents ? compareEvents({ releasedEvents, eventSchemas }) : []),
    ...(await compareProtobuf(root)),
  ];
  if (!ofSchema)
    return { breaking: ofMessages, notes: ['Nothing is released yet, so any change is compatible.'] };
  return { breaking: [...ofSchema.breaking, ...ofMessages], notes: ofSchema.notes };
}

async function generate(
  given: PipelineOptions & Sources & { subgraphs: Subgraph[]; clients: ClientDocuments },
): Promise<GeneratedFile[]> {
  const { root, composition, eventSchemas, subgraphs, clients, parentTypes, mode } = given;
  const ofSubgraphs = await Promise.all(
    subgraphs.map(async (subgraph) => ({
      file: `subgraphs/${subgraph.name}/src/schema.generated.ts`,
      text: await resolverTypes({ subgraph, parentTypes: parentTypes[subgraph.name] ?? {} }),
    })),
  );
  const source = 'subgraphs/*/schema.graphql';
  const files = [
    ...ofSubgraphs.map(({ file, text }) => ({ file, text: `// ${header(source)}\n${text}` })),
    { file: 'schema/supergraph.graphql', text: `# ${header(source)}\n${composition.supergraph}` },
    { file: 'schema/public.graphql', text: `# ${header(source)}\n${composition.publicSchema}` },
    {
      file: 'subgraphs/chassis/src/event-data.generated.ts',
      text: `// ${header('schema/events')}\n${eventTypes(eventSchemas)}`,
    },
    ...(await protobufTypes(root)),
    ...(await clientDocumentTypes(clients.documents, composition.publicSchema)),
  ];
  if (mode === 'write' || mode === 'check') return files;
  return [
    ...files,
    {
      file: releasedSchemaFile,
      text: `# Recorded by \`npm run schema -- --release\`.\n${composition.publicSchema}`,
    },
    { file: releasedEventsFile, text: releaseOf(eventSchemas) },
    ...releaseOfProtobuf(root),
  ];
}

const header = (source: string) => `Generated by \`npm run schema\` from ${source}: edit that.`;

function staleFinding({ file }: GeneratedFile): Finding {
  return {
    where: file,
    problem:
      'It is stale: not what the SDL, the event schemas, the protobuf files and the clients’ operations give.',
    remedy: 'Run: npm run schema',
  };
}
