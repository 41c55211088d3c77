// The facts of the real supergraph, and those of one with all the ways to share a field.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readCostDirectives } from '@supergraph/chassis/cost-directives';
import { createPolicy } from '@supergraph/chassis/policy';
import { buildSchema, parse } from 'graphql';
import { loadSupergraph } from '../execution/supergraph.ts';
import { supergraphFile } from '../testing/platform.ts';
import { readSchemaFacts, schemaFactsDocument } from './schemaFacts.ts';

const real = loadSupergraph(readFileSync(supergraphFile, 'utf8'));

const joined = /* GraphQL */ `
  directive @join__graph(name: String!, url: String!) on ENUM_VALUE
  directive @join__type(graph: join__Graph!, key: String) repeatable on OBJECT | INTERFACE
  directive @join__field(graph: join__Graph, external: Boolean, usedOverridden: Boolean) repeatable on FIELD_DEFINITION
  directive @cost(weight: Int!) on FIELD_DEFINITION | OBJECT
  directive @listSize(assumedSize: Int, slicingArguments: [String!]) on FIELD_DEFINITION
  directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION | OBJECT
  enum join__Graph {
    CATS @join__graph(name: "cats", url: "http://10.0.0.1/cats")
    DOGS_EU @join__graph(name: "dogs-eu", url: "http://10.0.0.2/dogs")
  }
  interface Pet @join__type(graph: CATS) @join__type(graph: DOGS_EU) { name: String }
  type Cat implements Pet @join__type(graph: CATS) @policy(policies: [["cat:read"]]) { name: String }
  type Dog implements Pet @cost(weight: 3) @join__type(graph: CATS) @join__type(graph: DOGS_EU) @policy(policies: [["dog:read"]]) {
    name: String
    id: ID @join__field(graph: CATS, external: true) @join__field(graph: DOGS_EU)
    moved: ID @join__field(graph: CATS) @join__field(graph: DOGS_EU, usedOverridden: true)
    chip: ID @join__field(graph: DOGS_EU)
  }
  type Query @join__type(graph: CATS) {
    pet: Pet @policy(policies: [["public"]])
    dogs(first: Int): [Dog] @listSize(assumedSize: 20, slicingArguments: ["first"])
    vet: Dog @cost(weight: 7)
  }
`;
const facts = readSchemaFacts({
  schema: buildSchema(joined.replace('chip: ID @join__field(graph: DOGS_EU)', '')),
  supergraphSchema: buildSchema(joined),
  policy: createPolicy(joined),
  costs: readCostDirectives(parse(joined)),
  subgraphNames: ['cats', 'dogs-eu'],
});

describe('the subgraphs of a field', () => {
  it('are those of its type where nothing else is said', () =>
    expect(facts.fields['Dog.name']?.subgraphs).toEqual(['cats', 'dogs-eu']));

  it('are not those where it is external or was taken over', () => {
    expect(facts.fields['Dog.id']?.subgraphs).toEqual(['dogs-eu']);
    expect(facts.fields['Dog.moved']?.subgraphs).toEqual(['cats']);
  });

  it('are told for the real schema', () => {
    const { types, fields } = readSchemaFacts(real);
    expect(types.Tenant).toEqual(['arthemiz', 'sentinel', 'systemhealth']);
    expect(fields['Tenant.name']?.subgraphs).toEqual(['arthemiz']);
    expect(fields['Tenant.services']).toMatchObject({
      subgraphs: ['systemhealth'],
      takes: ['service:read or service:read@any'],
    });
  });
});

describe('what a field takes', () => {
  it('is told for each answer of the concrete types', () => {
    expect(facts.fields['Pet.name']?.takes).toEqual(['cat:read', 'dog:read']);
    expect(facts.fields['Query.pet']?.takes).toEqual(['public']);
  });
});

describe('what a field costs', () => {
  it('is its own weight, else its type’s, and how long its list is taken to be', () => {
    expect(facts.fields['Query.dogs']?.cost).toEqual({ weight: 3, assumedSize: 20, sizedBy: ['first'] });
    expect(facts.fields['Query.vet']?.cost).toEqual({ weight: 7, assumedSize: null, sizedBy: [] });
    expect(facts.fields['Dog.name']?.cost).toEqual({ weight: null, assumedSize: null, sizedBy: [] });
  });
});

describe('what is served', () => {
  it('has nothing that the public schema lacks, and no address', () => {
    expect(facts.fields).not.toHaveProperty(['Dog.chip']);
    expect(Object.keys(facts.types).toSorted()).toEqual(['Cat', 'Dog', 'Pet', 'Query']);
    expect(JSON.stringify(facts)).not.toMatch(/http|10\.0/);
    expect(schemaFactsDocument(real).body).not.toMatch(/http|_entities|join__/);
  });

  it('has a tag that changes with it alone', () => {
    expect(schemaFactsDocument(real).etag).toBe(
      schemaFactsDocument(loadSupergraph(readFileSync(supergraphFile, 'utf8'))).etag,
    );
    expect(schemaFactsDocument({ ...real, subgraphNames: ['other'] }).etag).not.toBe(
      schemaFactsDocument(real).etag,
    );
  });
});
