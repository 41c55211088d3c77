import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { lintListSizes } from './list-sizes.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@listSize"])';
const problems = (sdl: string, linked = link) =>
  lintListSizes({
    name: 'shop',
    file: 'subgraphs/shop/schema.graphql',
    document: parse(`${linked}\n${sdl}`),
  }).map(({ where, problem }) => `${where.replace('subgraphs/shop/schema.graphql:', '')} ${problem}`);

const page =
  '@listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["nodes"], requireOneSlicingArgument: false)';

describe('the sizes of lists', () => {
  it('are said at the list, or at all fields that return the object that it is in', () => {
    expect(problems('type Query { a: [Int] @listSize(assumedSize: 5) b: Int }')).toEqual([]);
    expect(problems(`type Query { a(first: Int): Page ${page} } type Page { nodes: [Int!]! }`)).toEqual([]);
    expect(problems('type Query { a: [[Int!]!]! }')).toEqual([
      '2 Query.a is a list of which nobody says how long it gets.',
    ]);
    const oneSilent = `type Query { a(first: Int): Page ${page} b: Page! } type Page { nodes: [Int!]! }`;
    expect(problems(oneSilent)).toEqual(['2 Page.nodes is a list of which nobody says how long it gets.']);
    expect(problems('type Query { a: [Int] @listSize(sizedFields: []) }')).toEqual([
      '2 Query.a has a @listSize that says no size.',
    ]);
  });

  it('are told of a list in an extension, and under another name of the directive', () => {
    expect(problems('extend type Query { a: [Int] }')).toHaveLength(1);
    const renamed = link.replace('"@listSize"', '{ name: "@listSize", as: "@long" }');
    expect(problems('type Query { a: [Int] @long(assumedSize: 5) }', renamed)).toEqual([]);
    expect(problems('type Query { a: [Int] @federation__listSize(assumedSize: 5) }')).toEqual([]);
  });

  it('name arguments and lists that are there', () => {
    expect(problems('type Query { a: [Int] @listSize(slicingArguments: ["first"]) }')).toEqual([
      '2 Query.a is sliced by "first", which is no argument of it.',
    ]);
    expect(problems(`type Query { a(first: Int): Page ${page} } type Page { nodes: Int }`)).toEqual([
      '2 Query.a gives its size to "nodes", which is no list of Page.',
    ]);
    expect(problems('type Query { a: [Int] @listSize(assumedSize: "many") }')).toEqual([
      expect.stringMatching(/@listSize is not understood: assumedSize/),
    ]);
  });
});
