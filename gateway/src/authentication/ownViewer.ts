// Who asks subgraphs where the gateway asks for itself, and for nobody.
import type { Viewer } from '@supergraph/chassis/viewer';

/** @param permission what no role can hold: it is in no list of permissions */
export function ownViewer(permission: string): Viewer {
  return {
    ...{ subject: 'gateway', tenantId: null, clientId: 'gateway', roles: [], isAnonymous: false },
    ...{ permissions: new Set([permission]), scopes: new Set<string>() },
  };
}
