import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { lintCacheMarks } from './cache-marks.ts';
import { header } from './testing/schema-tree.ts';

const eventSchemas = [
  {
    type: 'notes.note.written.v1',
    file: 'schema/events/notes.note.written.v1.schema.json',
    schema: { type: 'object', properties: { noteId: { type: 'string' } } },
  },
] as unknown as Parameters<typeof lintCacheMarks>[0]['eventSchemas']; // the part that the lint reads

const lint = (field: string) =>
  lintCacheMarks({
    subgraph: {
      name: 'notes',
      file: 'notes.graphql',
      document: parse(`${header} type Note @authenticated { id: ID! ${field} }`),
    },
    eventSchemas,
  }).map(({ problem }) => problem);

describe('marks of what may be kept', () => {
  it.each([
    'text: String @cacheControl(maxAge: 60)',
    'text: String @cacheControl(inheritMaxAge: true, scope: PRIVATE)',
    'text: String @cacheControl(maxAge: 60, changedBy: ["notes.note.written.v1", "notes.note.written.v1(noteId)"])',
    'text: String @policy(policies: [["field(id)=viewer.subject"]]) @cacheControl(maxAge: 60, scope: PRIVATE)',
  ])('may say %s', (field) => {
    expect(lint(field)).toEqual([]);
  });

  it.each([
    ['text: String @cacheControl', /Note\.text: needs either maxAge or inheritMaxAge/],
    ['text: String @cacheControl(maxAge: 60, inheritMaxAge: true)', /needs either/],
    ['text: String @cacheControl(maxAge: -1)', /maxAge/],
    ['text: String @cacheControl(maxAge: 60, changedBy: ["written"])', /no event type/],
    [
      'text: String @cacheControl(maxAge: 60, changedBy: ["notes.note.gone.v1"])',
      /not described: notes\.note\.gone\.v1/,
    ],
    [
      'text: String @cacheControl(maxAge: 60, changedBy: ["notes.note.written.v1(id)"])',
      /not described: id in notes/,
    ],
    [
      'text: String @policy(policies: [["field(id)=viewer.subject"]]) @cacheControl(maxAge: 60)',
      /decided by who asks/,
    ],
  ])('may not say %s', (field, problem) => {
    expect(lint(field)).toEqual([expect.stringMatching(problem)]);
  });

  it('may not stand on changes and events', () => {
    const document = parse(`${header} type Mutation { write: Int @authenticated @cacheControl(maxAge: 1) }`);
    const subgraph = { name: 'notes', file: 'notes.graphql', document };
    expect(lintCacheMarks({ subgraph, eventSchemas })).toHaveLength(1);
  });
});
