// Who asks: a program of the tenant, by an API key or an access token, and what it may do at this moment.
import type { IncomingMessage } from 'node:http';
import { readApiKey } from '@supergraph/chassis/api-key';
import { inTenant } from '@supergraph/chassis/tenancy';
import type { Viewer } from '@supergraph/chassis/viewer';
import { z } from 'zod';
import { resolveStandings } from '../access/standings.ts';
import { authenticateApiKey } from '../api-keys/authentication.ts';
import type { Arthemiz } from '../context.ts';
import { lastingPermissions } from '../elevations/lasting.ts';
import { ownTokenClaims } from '../oidc/own-tokens.ts';
import { hasEnded } from '../sessions/ended.ts';
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
export async function callerOf(service: Arthemiz, { headers }: IncomingMessage): Promise<Caller> {
  const [, token] = /^bearer +([\w.~+/=-]{1,16384}) *$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined)
    throw new ScimError(
      401,
      'Expected "Authorization: Bearer" with an API key or an access token of the tenant.',
    );
  const proof = readApiKey(token);
  const holder =
    proof === undefined ? await holderOf(service, token) : await authenticateApiKey(service, proof);
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

const claims = z.object({
  sub: z.string().min(1).max(100),
  tenant: z.string().min(1).max(64),
  entitlements: z.array(z.string()),
  // Bound to a key, of which nothing is asked here: who stole the token would get in.
  cnf: z.undefined().optional(),
  // Somebody else acts with it, whose own rights are not asked for here.
  act: z.undefined().optional(),
  sid: z.string().max(200).optional(),
});

/** Whom an access token of ours stands for; what it says they may do counts as far as it still holds. */
async function holderOf(
  service: Arthemiz,
  token: string,
): Promise<{ id: string; tenantId: string; permissions: string[] } | null> {
  const parsed = claims.safeParse(await ownTokenClaims(service, token));
  if (!parsed.success) return null;
  const { sub: id, tenant: tenantId, entitlements, sid } = parsed.data;
  if (sid !== undefined && (await hasEnded(service, sid))) return null;
  const [standing] = await resolveStandings(service, [{ tenantId, subject: id }]);
  const permissions = (standing?.permissions ?? []).filter((permission) => entitlements.includes(permission));
  return { id, tenantId, permissions };
}
