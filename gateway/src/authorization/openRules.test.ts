// Which rules are open for a viewer depends on their rights, and so does what is made ready for them.
import { describe, expect, it } from '@jest/globals';
import { testViewer } from '@supergraph/chassis/testing';
import { parse } from 'graphql';
import { composeSubgraphs } from '../testing/in-process-subgraphs.ts';
import { onlyOperationOf } from '../testing/only-operation.ts';
import { authorizeOperation } from './authorizeOperation.ts';

const { supergraph } = composeSubgraphs({
  notes: `
    type Query @authenticated { notes: [Note] }
    type Note @key(fields: "id") {
      id: ID! @authenticated
      author: ID @authenticated
      tenant: ID @authenticated
      text: String @policy(policies: [
        ["note:write", "field(author)=viewer.subject"]
        ["note:review", "field(tenant)=viewer.tenantId"]
      ])
    }
  `,
});
const document = parse('{ notes { text } }');
const operation = onlyOperationOf(document);

const digestFor = (...permissions: string[]) => {
  const { schema, policy } = supergraph;
  return authorizeOperation({ schema, policy, document, operation, viewer: testViewer({ permissions }) })
    .digest;
};

describe('an operation that is kept ready', () => {
  it('is shared by viewers for whom the same of an object decides, and by no others', () => {
    expect(digestFor('note:write')).toBe(digestFor('note:write', 'other:read'));
    const digests = [['note:write'], ['note:review'], ['note:write', 'note:review'], []];
    expect(new Set(digests.map((permissions) => digestFor(...permissions))).size).toBe(4);
  });
});
