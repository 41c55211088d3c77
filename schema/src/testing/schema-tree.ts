// A small checkout in a temporary folder, for tests of the pipeline.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ParentTypes } from '../resolver-types.ts';
import { type PipelineMode, type PipelineResult, runPipeline } from '../run-pipeline.ts';

export interface SchemaTreeOptions {
  /** Subgraph → what follows `header` in its SDL. Default: one, `notes`. */
  subgraphs?: Record<string, string>;
  /** Event type → its schema, or the text of its file. */
  events?: Record<string, unknown>;
  parentTypes?: Record<string, ParentTypes>;
}

export interface SchemaTree {
  root: string;
  run(mode?: PipelineMode): Promise<PipelineResult>;
  read(file: string): string;
  write(file: string, text: string): void;
  writeSubgraph(name: string, sdl: string): void;
  dispose(): void;
}

/** All that the SDL and the events of a tree may ask for. */
export const permissions = ['note:read', 'note:write', 'author:read'];

/** Four lines; what follows it begins in the fifth. */
export const header = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.12"
  import: ["@key", "@shareable", "@external", "@authenticated", "@requiresScopes", "@policy", "@listSize"]
)
`;

export const notes = /* GraphQL */ `
type Query {
  "All notes."
  notes("How many." first: Int): [Note!] @listSize(assumedSize: 20) @policy(policies: [["note:read"]])
}

"Something that somebody wrote."
type Note @key(fields: "id") @authenticated {
  "The note's id."
  id: ID!
  "What it says."
  text: String @policy(policies: [["note:read"]])
}
`;

export function noteWritten(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:supergraph:event:notes.note.written.v1',
    title: 'Note written',
    description: 'Somebody wrote a note.',
    type: 'object',
    additionalProperties: false,
    required: ['noteId'],
    properties: { noteId: { type: 'string', description: "The note's id." } },
    examples: [{ noteId: 'not_1' }],
    ...changes,
  };
}

export function schemaTree(options: SchemaTreeOptions = {}): SchemaTree {
  const root = mkdtempSync(join(tmpdir(), 'schema-tree-'));
  const tree: SchemaTree = {
    root,
    run: (mode = 'write') =>
      runPipeline({
        ...{ root, mode, permissions, permissionsAskedElsewhere: permissions },
        parentTypes: options.parentTypes ?? {},
      }),
    read: (file) => readFileSync(join(root, file), 'utf8'),
    write(file, text) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    },
    writeSubgraph: (name, sdl) => tree.write(`subgraphs/${name}/schema.graphql`, `${header}${sdl}`),
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
  for (const [name, sdl] of Object.entries(options.subgraphs ?? { notes })) tree.writeSubgraph(name, sdl);
  for (const [type, schema] of Object.entries(options.events ?? {})) {
    const text = typeof schema === 'string' ? schema : JSON.stringify(schema);
    tree.write(`schema/events/${type}.schema.json`, text);
  }
  return tree;
}
