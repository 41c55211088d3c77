// Whom a bearer credential stands for at this moment: an API key, or an access token of ours.
import type { IncomingMessage } from 'node:http';
import { readApiKey } from '@supergraph/chassis/api-key';
import { z } from 'zod';
import { authenticateApiKey } from '../api-keys/authentication.ts';
import type { Arthemiz } from '../context.ts';
import { ownTokenClaims } from '../oidc/own-tokens.ts';
import { hasEnded } from '../sessions/ended.ts';
import { resolveStandings } from './standings.ts';

export interface BearerHolder {
  /** A person, a service client or an API key. */
  id: string;
  tenantId: string;
  permissions: string[];
}

/** What follows `Authorization: Bearer`; null where there is nothing of the kind. */
export function bearerOf({ headers }: IncomingMessage): string | null {
  return /^bearer +([\w.~+/=-]{1,16384}) *$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

/** Null for what is not valid, or not any more. */
export function bearerHolder(service: Arthemiz, token: string): Promise<BearerHolder | null> {
  const proof = readApiKey(token);
  return proof === undefined ? holderOf(service, token) : authenticateApiKey(service, proof);
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
async function holderOf(service: Arthemiz, token: string): Promise<BearerHolder | null> {
  const parsed = claims.safeParse(await ownTokenClaims(service, token));
  if (!parsed.success) return null;
  const { sub: id, tenant: tenantId, entitlements, sid } = parsed.data;
  if (sid !== undefined && (await hasEnded(service, sid))) return null;
  const [standing] = await resolveStandings(service, [{ tenantId, subject: id }]);
  const permissions = (standing?.permissions ?? []).filter((permission) => entitlements.includes(permission));
  return { id, tenantId, permissions };
}
