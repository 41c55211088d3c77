import { createPolicy, type Policy } from '@supergraph/chassis/policy';
import type { Viewer } from '@supergraph/chassis/viewer';
import { type DocumentNode, parse } from 'graphql';

/** What makes a viewer a developer. Tenants' owners and operators have it unless their tenant decides otherwise. */
export const schemaPermission = 'schema:read';

/** Whether a viewer may learn the public schema and how it is served: introspection, suggestions, facts, plans, costs. */
export function mayLearnSchema(viewer: Viewer): boolean {
  return viewer.permissions.has(schemaPermission);
}

const introspection = parse(
  `extend type Query {
    __schema: ID @policy(policies: [["${schemaPermission}"]])
    __type: ID @policy(policies: [["${schemaPermission}"]])
  }`,
  { noLocation: true },
);

/**
 * The policy of a supergraph, with what introspection takes: it tells viewers apart by that too, and names it to those
 * who are denied it.
 */
export function publicPolicyOf(supergraph: DocumentNode): Policy {
  return createPolicy({
    ...supergraph,
    definitions: [...supergraph.definitions, ...introspection.definitions],
  });
}

/**
 * Whether a viewer's operations come from a program that is in everybody's hands: nobody signed in, or a person did, by
 * a client that can keep no secret. A service client acts for itself (RFC 9068 §2.2: its subject is the client), and has
 * proved it with its secret. Developers write operations of their own, whatever they use.
 */
export function isPublicClient(viewer: Viewer): boolean {
  return !mayLearnSchema(viewer) && viewer.subject !== viewer.clientId;
}
