// Who asks: a program of the tenant, by an API key or an access token, and what it may do at this moment.
import type { IncomingMessage } from 'node:http';
import { inTenant } from '@supergraph/chassis/tenancy';
import type { Viewer } from '@supergraph/chassis/viewer';
import { bearerHolder, bearerOf } from '../access/bearers.ts';
import type { Arthemiz } from '../context.ts';
import { lastingPermissions } from '../elevations/lasting.ts';
import { ScimError } from './errors.ts';
import { scimRead, scimWrite } from './permissions.ts';

export interface Caller {
  /** A person, a service client or an API key. */
  subject: string;
  tenantId: string;
  /** What it may do, and so give to others. */
  permissions: ReadonlySet<string>;
}

/** @throws ScimError 401 */
export async function callerOf(service: Arthemiz, request: IncomingMessage): Promise<Caller> {
  const token = bearerOf(request);
  if (token === null)
    throw new ScimError(
      401,
      'Expected "Authorization: Bearer" with an API key or an access token of the tenant.',
    );
  const holder = await bearerHolder(service, token);
  if (holder === null) throw new ScimError(401, 'The API key or access token is not valid, or not any more.');
  const { id: subject, tenantId } = holder;
  const permissions = new Set(holder.permissions);
  const viewer: Viewer = {
    ...{ subject, tenantId, permissions, clientId: null, roles: [], scopes: new Set(), isAnonymous: false },
  };
  return inTenant(tenantId, async () => ({
    ...{ subject, tenantId },
    // Nobody gives what they have only for a while; to act, that is enough.
    permissions: withOwn(await lastingPermissions({ viewer, service }), permissions),
  }));
}

const scimPermissions = [scimRead, scimWrite];

function withOwn(lasting: ReadonlySet<string>, held: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...lasting, ...scimPermissions.filter((permission) => held.has(permission))]);
}
