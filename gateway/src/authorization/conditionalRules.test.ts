// Fields that arguments or objects open, decided and asked at the gateway.
import { describe, expect, it } from '@jest/globals';
import { createPolicy } from '@supergraph/chassis/policy';
import { testViewer } from '@supergraph/chassis/testing';
import { anonymous, type Viewer } from '@supergraph/chassis/viewer';
import { buildSchema, getOperationAST, parse, print } from 'graphql';
import { authorizeOperation, decideOperation } from './authorizeOperation.ts';

const sdl = /* GraphQL */ `
  directive @authenticated on FIELD_DEFINITION | OBJECT
  directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION | OBJECT
  directive @defer(label: String) on INLINE_FRAGMENT | FRAGMENT_SPREAD
  type Query {
    person(id: ID = "per_test"): Person @policy(policies: [["person:read"], ["argument(id)=viewer.subject"]])
    owned: [Owned] @authenticated
    any: Any @authenticated
  }
  type Mutation {
    rename(input: Rename!): Person @policy(policies: [["argument(input.person.id)=viewer.subject"]])
  }
  type Subscription { seen(by: ID!): Person @policy(policies: [["argument(by)=viewer.subject"]]) }
  input Rename { person: Which! name: String }
  input Which { id: ID! }
  interface Owned { title(of: ID): String }
  union Any = Person | Note
  type Person implements Owned @authenticated {
    id: ID!
    email: String @policy(policies: [["person:read"], ["field(id)=viewer.subject"]])
    phone: String @policy(policies: [["field(id)=viewer.subject"], ["field(tenantId)=viewer.tenantId", "lead:read"]])
    tenantId: ID
    title(of: ID): String @policy(policies: [["field(id)=viewer.subject"]])
    friend: Person
  }
  type Note implements Owned @authenticated {
    authorId: String
    title(of: ID): String @policy(policies: [["argument(of)=viewer.subject"]])
  }
`;
const schema = buildSchema(sdl);
const policy = createPolicy(sdl);

/** What is left of the operation. */
function leftOf(query: string, given: { viewer?: Viewer; variables?: Record<string, unknown> } = {}) {
  const { viewer = testViewer(), variables = {} } = given;
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('one operation is expected');
  const authorized = authorizeOperation({ schema, policy, viewer, document, operation, variables });
  return authorized.document && print(authorized.document).replace(/\s+/g, ' ');
}

describe('a field that arguments open', () => {
  it.each([
    ['{ person { id } }', {}, true],
    ['{ person(id: "per_test") { id } }', {}, true],
    ['{ person(id: "per_other") { id } }', {}, false],
    ['query ($id: ID) { person(id: $id) { id } }', { id: 'per_test' }, true],
    ['query ($id: ID) { person(id: $id) { id } }', { id: 'per_other' }, false],
    ['query ($id: ID) { person(id: $id) { id } }', { id: null }, false],
    // A variable that is not given leaves the default of the argument.
    ['query ($id: ID) { person(id: $id) { id } }', {}, true],
    ['mutation ($i: ID!) { rename(input: { person: { id: $i } }) { id } }', { i: 'per_test' }, true],
    ['mutation ($i: Which!) { rename(input: { person: $i }) { id } }', { i: { id: 'per_other' } }, false],
    ['mutation ($i: Rename!) { rename(input: $i) { id } }', { i: { person: { id: 'per_test' } } }, true],
    ['subscription { seen(by: "per_test") { id } }', {}, true],
    ['subscription { seen(by: "per_other") { id } }', {}, false],
  ])('%s with %j: %s', (query, variables, isLeft) => {
    const left = leftOf(query, { variables });
    expect(left === null).toBe(!isLeft);
  });

  it('is decided for each node of its own, also where one operation asks it twice', () => {
    expect(leftOf('{ a: person(id: "per_test") { id } b: person(id: "per_other") { id } }')).toBe(
      '{ a: person(id: "per_test") { id } }',
    );
  });

  it('is decided for each type behind an interface', () => {
    expect(leftOf('{ owned { title(of: "per_other") } }')).toBe(
      '{ owned { __concreteType: __typename ... on Person { title(of: "per_other") } ... on Person { __owned_Person_id: id } } }',
    );
    expect(leftOf('{ owned { title(of: "per_test") } }')).toBe(
      '{ owned { __concreteType: __typename title(of: "per_test") ... on Person { __owned_Person_id: id } } }',
    );
  });

  it('needs no look at the arguments where a permission opens it', () => {
    const query = '{ person(id: "per_other") { id } }';
    const viewer = testViewer({ permissions: ['person:read'] });
    expect(leftOf(query, { viewer })).toBe(query);
    expect(decided(query, viewer).settled?.isWhole).toBe(true);
    expect(leftOf(query, { viewer: anonymous })).toBeNull();
  });

  it('gives equal digests to requests of which the same is left, whoever they are from', () => {
    const query = 'query ($a: ID, $b: ID) { a: person(id: $a) { id } b: person(id: $b) { id } }';
    const { outcomeOf, authorize } = decided(query, testViewer());
    const digest = (a: string, b: string, viewer = testViewer()) =>
      authorize(outcomeOf({ viewer, variables: { a, b } })).digest;
    expect(digest('per_test', 'x')).toBe(digest('per_2', 'y', testViewer({ subject: 'per_2' })));
    expect(digest('per_test', 'x')).not.toBe(digest('x', 'per_test'));
    expect(digest('per_test', 'per_test')).toBe('');
  });

  it('may be parsed again: the digest is that of the text', () => {
    const of = (viewer: Viewer) => {
      const { outcomeOf, authorize } = decided(
        '{ person(id: "per_other") { id } owned { title(of: "x") } }',
        viewer,
      );
      return authorize(outcomeOf({ viewer, variables: {} })).digest;
    };
    expect(of(testViewer())).toBe(of(testViewer()));
    expect(of(testViewer())).not.toBe(of(testViewer({ permissions: ['person:read'] })));
  });
});

describe('a field that the object opens', () => {
  it('is asked together with what says whose the object is', () => {
    expect(leftOf('{ person { email } }')).toBe('{ person { email __owned_Person_id: id } }');
    expect(leftOf('{ person { phone } }', { viewer: testViewer({ permissions: ['lead:read'] }) })).toBe(
      '{ person { phone __owned_Person_id: id __owned_Person_tenantId: tenantId } }',
    );
  });

  it('is asked so in fragments, unions and deferred parts, beside itself', () => {
    expect(leftOf('{ any { ... on Person { email } } }')).toBe(
      '{ any { __concreteType: __typename ... on Person { email __owned_Person_id: id } } }',
    );
    expect(leftOf('{ person { id ... @defer(label: "x") { email } } }')).toBe(
      '{ person { id ... @defer(label: "x") { email __owned_Person_id: id } } }',
    );
    expect(leftOf('{ person { ...f } } fragment f on Person { friend { email } }')).toBe(
      '{ person { ...f } } fragment f on Person { friend { email __owned_Person_id: id } }',
    );
  });

  it('asks it under a name that is free', () => {
    expect(leftOf('{ person { __owned_Person_id: email } }')).toBe(
      '{ person { __owned_Person_id: email __owned___Person_id: id } }',
    );
  });

  it('is plain where a permission opens it, and left out where nobody signed in', () => {
    expect(leftOf('{ person { email } }', { viewer: testViewer({ permissions: ['person:read'] }) })).toBe(
      '{ person { email } }',
    );
    expect(leftOf('{ person { email } }', { viewer: anonymous })).toBeNull();
  });
});

function decided(query: string, viewer: Viewer) {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('one operation is expected');
  return decideOperation({ schema, policy, viewer, document, operation });
}
