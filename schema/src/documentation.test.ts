import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { lintDocumentation } from './documentation.ts';

const lint = (sdl: string) =>
  lintDocumentation({ name: 'notes', file: 'notes.graphql', document: parse(sdl) }).map(
    ({ where, problem }) => `${where} ${problem}`,
  );

describe('documentation of a schema', () => {
  it('is asked of every type, field, argument, input field and enum value', () => {
    const sdl = /* GraphQL */ `type Query {
      notes(first: Int): [Note!]
    }
    interface Written { by: String }
    type Note implements Written { by: String }
    enum Colour { RED }
    input Filter { colour: Colour }
    union Found = Note
    scalar Instant`;
    expect(lint(sdl)).toEqual([
      'notes.graphql:2 Query.notes has no description.',
      'notes.graphql:2 Query.notes(first:) has no description.',
      'notes.graphql:4 Written has no description.',
      'notes.graphql:4 Written.by has no description.',
      'notes.graphql:5 Note has no description.',
      'notes.graphql:5 Note.by has no description.',
      'notes.graphql:6 Colour has no description.',
      'notes.graphql:6 Colour.RED has no description.',
      'notes.graphql:7 Filter has no description.',
      'notes.graphql:7 Filter.colour has no description.',
      'notes.graphql:8 Found has no description.',
      'notes.graphql:9 Instant has no description.',
    ]);
  });

  it('does not count an empty one', () => {
    expect(lint('"A note." type Note { " " id: ID }')).toEqual([
      'notes.graphql:1 Note.id has no description.',
    ]);
  });

  it('is not asked of an extension, a root type, or what another subgraph owns', () => {
    expect(
      lint('extend type Note { "Its text." text: String id: ID @external } type Mutation { "A." a: Int }'),
    ).toEqual([]);
  });

  it('says what to use instead of the deprecated', () => {
    const sdl =
      '"N." type Note { "A." a: Int @deprecated "B." b: Int @deprecated(reason: "Use a.") "C." c: Int @deprecated(reason: "") }';
    expect(lint(sdl)).toEqual([
      'notes.graphql:1 Note.a is deprecated without a reason.',
      'notes.graphql:1 Note.c is deprecated without a reason.',
    ]);
  });
});
