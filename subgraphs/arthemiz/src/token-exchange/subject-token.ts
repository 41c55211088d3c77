// The token of the person for whom a program wants to act: one of ours, of a session that goes on.
import { errors } from 'oidc-provider';
import { z } from 'zod';
import type { Arthemiz } from '../context.ts';
import { ownTokenClaims } from '../oidc/own-tokens.ts';
import { type LiveGrant, liveGrants } from '../sessions/reading.ts';

const claims = z.object({
  sub: z.string().min(1).max(100),
  tenant: z.string().min(1).max(64),
  // Programs' own tokens have none: nobody acts for a program.
  sid: z.string().min(1).max(200),
  client_id: z.string().min(1),
  exp: z.number(),
  scope: z.string().default(''),
  auth_time: z.number().optional(),
  acr: z.string().optional(),
  amr: z.array(z.string()).default([]),
  act: z.unknown().optional(),
  cnf: z.unknown().optional(),
});

export interface SubjectToken extends z.infer<typeof claims> {
  /** What the person lets the client do to whom the token was issued. */
  grant: LiveGrant;
}

/** @throws InvalidRequest, as RFC 8693, 2.2.2, has it; the same for all that is wrong about a token not of this tenant */
export async function readSubjectToken(
  service: Arthemiz,
  { token, tenantId }: { token: string; tenantId: string },
): Promise<SubjectToken> {
  const parsed = claims.safeParse(await ownTokenClaims(service, token));
  if (!parsed.success || parsed.data.tenant !== tenantId) throw notValid();
  const { sub: personId, sid, client_id, act, cnf } = parsed.data;
  if (act !== undefined)
    throw new errors.InvalidRequest(
      'the subject token was exchanged already: who acts for somebody sends no other',
    );
  // Who holds its key is not here to prove it, and the new token would be good without.
  if (cnf !== undefined)
    throw new errors.InvalidRequest('the subject token is bound to a key: only who holds the key may use it');
  const grants = await liveGrants(service, { personId, tenantId });
  const grant = grants.find(({ sessionId, clientId }) => sessionId === sid && clientId === client_id);
  if (grant === undefined) throw notValid();
  return { ...parsed.data, grant };
}

function notValid() {
  return new errors.InvalidRequest(
    "the subject token is not an access token of a person in the client's tenant, or not good any more",
  );
}
