// Who may be told what was told to a viewer.
import { createHash } from 'node:crypto';
import type { Viewer } from '@supergraph/chassis/viewer';

/** Keys of a viewer. */
export interface Audiences {
  /** Equal for those who get equal answers: viewers who are equal in all that a passport says, but for their subject and client. */
  shared: string;
  /** Equal for the same subject and client with equal rights alone. */
  own: string;
  /** Of who changes things: a person in a tenant, whichever token and client they use. */
  writer: string;
}

// There is one Viewer per access token.
const known = new WeakMap<Viewer, Audiences>();

export function audiencesOf(viewer: Viewer): Audiences {
  let audiences = known.get(viewer);
  if (audiences === undefined) {
    const { tenantId, roles, permissions, scopes, isAnonymous, subject, clientId } = viewer;
    // Everything that a subgraph reads of its passport, whether a policy mentions it or not.
    const rights = [tenantId, sorted(roles), sorted(permissions), sorted(scopes), isAnonymous];
    audiences = {
      shared: digest(rights),
      own: digest([...rights, subject, clientId]),
      writer: digest([tenantId, subject]),
    };
    known.set(viewer, audiences);
  }
  return audiences;
}

function sorted(names: Iterable<string>): string[] {
  return [...names].sort();
}

/** Equal for equal values alone; 132 bits. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}
