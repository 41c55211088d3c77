// The service provider's side of SAML 2.0's Web Browser SSO: begun here, answered by POST, with a signed assertion.
import { randomBytes } from 'node:crypto';
import { generateServiceProviderMetadata, SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import { isDuplicateKey } from '@supergraph/chassis/database';
import { z } from 'zod';
import type { Arthemiz } from '../context.ts';
import { digestOf } from '../links/one-time.ts';
import type { SsoConnectionRow } from './model.ts';
import { acsPath, metadataPath } from './paths.ts';
import type { Protocol } from './protocol.ts';
import { identity } from './rules.ts';
import { clockSkewMs, readAssertion, refuseDangerousXml } from './saml-rules.ts';

const expected = z.object({ requestId: z.string() });

export const samlProtocol: Protocol = {
  async request(_service, { connection, origin }) {
    const requestId = `_${randomBytes(20).toString('hex')}`;
    const state = randomBytes(32).toString('base64url');
    const saml = samlOf(connection, { origin, requestId });
    return {
      url: new URL(await saml.getAuthorizeUrlAsync(state, undefined, {})),
      state,
      expectation: { requestId },
    };
  },

  async read(service, { connection, origin, answer, expectation }) {
    const { requestId } = expected.parse(expectation);
    const response = answer.get('SAMLResponse') ?? '';
    refuseDangerousXml(Buffer.from(response, 'base64').toString('utf8'));
    const { profile } = await samlOf(connection, { origin, requestId }).validatePostResponseAsync({
      SAMLResponse: response,
    });
    const {
      assertionId,
      expiresAt,
      identity: who,
    } = readAssertion(profile?.getAssertion?.(), {
      issuer: connection.saml?.entityId ?? '',
      audience: entityId(connection._id, origin),
      recipient: `${origin}${acsPath(connection._id)}`,
      requestId,
      groupsClaim: connection.groupsClaim,
      now: new Date(),
    });
    await takeAssertion(service, { connectionId: connection._id, assertionId, expiresAt });
    return identity.parse(who);
  },
};

/** What a provider has to know of us. */
export function samlMetadata(connectionId: string, origin: string): string {
  return generateServiceProviderMetadata({
    issuer: entityId(connectionId, origin),
    callbackUrl: `${origin}${acsPath(connectionId)}`,
    identifierFormat: null,
    wantAssertionsSigned: true,
  });
}

/** Our name towards a connection's provider: where it may read who we are. */
export function entityId(connectionId: string, origin: string): string {
  return `${origin}${metadataPath(connectionId)}`;
}

function samlOf(
  { _id, saml }: SsoConnectionRow,
  { origin, requestId }: { origin: string; requestId: string },
): SAML {
  if (!saml) throw new Error(`Connection ${_id} is none of SAML.`);
  const issuedAt = new Date().toISOString();
  return new SAML({
    issuer: entityId(_id, origin),
    callbackUrl: `${origin}${acsPath(_id)}`,
    audience: entityId(_id, origin),
    entryPoint: saml.signOnUrl,
    idpCert: [...saml.certificates],
    identifierFormat: null,
    disableRequestedAuthnContext: true,
    wantAssertionsSigned: true,
    // The assertion's own signature is what counts; some providers sign nothing else.
    wantAuthnResponseSigned: false,
    acceptedClockSkewMs: clockSkewMs,
    validateInResponseTo: ValidateInResponseTo.always,
    generateUniqueId: () => requestId,
    // One request alone may be answered, and visits.ts takes one answer to it.
    cacheProvider: {
      saveAsync: async (_key, value) => ({ value, createdAt: Date.now() }),
      getAsync: async (key) => (key === requestId ? issuedAt : null),
      removeAsync: async (key) => key,
    },
  });
}

/** An assertion is taken once, whatever it comes in. @throws the second time */
async function takeAssertion(
  { models }: Arthemiz,
  given: { connectionId: string; assertionId: string; expiresAt: Date },
): Promise<void> {
  const { connectionId, assertionId, expiresAt } = given;
  try {
    await models.TakenAssertion.create([{ _id: digestOf(`${connectionId} ${assertionId}`), expiresAt }]);
  } catch (error) {
    if (isDuplicateKey(error)) throw new Error('The assertion was taken before.');
    throw error;
  }
}
