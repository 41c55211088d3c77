import { describe, expect, it } from '@jest/globals';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { usedCoordinates } from './usedCoordinates.ts';

const schema = buildSchema(/* GraphQL */ `
  type Query {
    pet(name: String, old: Int @deprecated): Pet
    cats(first: Int): [Cat] @deprecated(reason: "Use pet.")
  }
  interface Pet { name(short: Boolean): String }
  type Cat implements Pet { name(short: Boolean): String lives: Int }
  type Dog implements Pet { name(short: Boolean): String }
  union Any = Cat | Dog
`);

function used(text: string, name?: string) {
  const document = parse(text);
  const operation = getOperationAST(document, name);
  if (!operation) throw new Error('one operation is expected');
  const { all, deprecated } = usedCoordinates(schema, { document, operation });
  return { all: all.toSorted(), deprecated: deprecated.toSorted() };
}

describe('what an operation uses', () => {
  it('are the fields and arguments that it names, in fragments too, skipped or not', () => {
    const text =
      'query($no: Boolean!) { p: pet(name: "Tom") { ...F } } fragment F on Cat { lives @skip(if: $no) }';
    expect(used(text).all).toEqual(['Cat.lives', 'Query.pet', 'Query.pet(name:)']);
  });

  it('counts a field of an interface for each type behind it', () => {
    expect(used('{ pet { name(short: true) __typename } }').all).toEqual([
      'Cat.name',
      'Cat.name(short:)',
      'Dog.name',
      'Dog.name(short:)',
      'Pet.name',
      'Pet.name(short:)',
      'Query.pet',
    ]);
  });

  it('tells what is deprecated', () => {
    expect(used('{ pet(old: 1) { __typename } cats { lives } }').deprecated).toEqual([
      'Query.cats',
      'Query.pet(old:)',
    ]);
  });

  it('is nothing of operations that don’t run, nor of introspection', () => {
    expect(used('query A { cats { lives } } query B { pet { __typename } }', 'B').all).toEqual(['Query.pet']);
    expect(used('{ __schema { types { name } } }').all).toEqual([]);
  });
});
