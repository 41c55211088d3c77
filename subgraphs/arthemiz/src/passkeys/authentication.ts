// Is this the person who holds the passkey? It verifies its person itself, by a PIN or a fingerprint, so it proves
// two things at once: that they have it, and that it is theirs.
import {
  generateAuthenticationOptions,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server';
import type { Arthemiz } from '../context.ts';
import type { AuthenticationAnswer } from './answers.ts';
import { issueChallenge, takeChallenge } from './challenges.ts';

export interface PasskeyRequest {
  origin: string;
  /** What the answer is for; one for something else is refused. */
  purpose: string;
  /** Whose passkeys will do; null for whoever comes. */
  personId: string | null;
}

/** What the browser is asked to sign, and by which passkeys: any that it holds for us, where nobody is known yet. */
export async function authenticationOptions(
  service: Arthemiz,
  { origin, purpose, personId }: PasskeyRequest,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const held = personId === null ? [] : await service.models.Passkey.find({ personId }).limit(20).lean();
  return generateAuthenticationOptions({
    rpID: new URL(origin).hostname,
    challenge: await issueChallenge(service, purpose),
    userVerification: 'required',
    allowCredentials: held.map(({ _id: id, transports }) => ({ id, transports })),
  });
}

export type PasskeyCheck =
  | { isRight: true; personId: string; amr: string[] }
  /** `personId` is the one whose passkey it claims to be; null where nobody has it. */
  | { isRight: false; personId: string | null };

export async function checkPasskey(
  service: Arthemiz,
  { answer, ...request }: PasskeyRequest & { answer: AuthenticationAnswer },
): Promise<PasskeyCheck> {
  const { Passkey } = service.models;
  const passkey = await Passkey.findOne({ _id: answer.id }).lean();
  if (passkey === null) return { isRight: false, personId: null };
  const { personId, counter } = passkey;
  const wrong: PasskeyCheck = { isRight: false, personId };
  if (request.personId !== null && request.personId !== personId) return wrong;
  // The authenticator says whose passkey it takes this for; made up, it would be another's (WebAuthn, 7.2).
  const { userHandle } = answer.response;
  if (userHandle !== undefined && Buffer.from(userHandle, 'base64url').toString() !== personId) return wrong;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer,
      expectedChallenge: (challenge) => takeChallenge(service, { challenge, purpose: request.purpose }),
      expectedOrigin: request.origin,
      expectedRPID: new URL(request.origin).hostname,
      credential: {
        id: passkey._id,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter,
      },
      requireUserVerification: true,
    });
    if (!verified) return wrong;
    const { newCounter, credentialDeviceType } = authenticationInfo;
    // Two answers with one counter, sent at once by an authenticator and its copy: one of them comes too late.
    const { matchedCount } = await Passkey.updateOne(
      { _id: passkey._id, counter },
      { $set: { counter: newCounter, lastUsedAt: new Date() } },
    );
    if (matchedCount === 0) return wrong;
    // In the words of RFC 8176: a key in hardware or in a keychain, somebody present, more than one factor.
    return {
      isRight: true,
      personId,
      amr: [credentialDeviceType === 'singleDevice' ? 'hwk' : 'swk', 'user', 'mfa'],
    };
  } catch (error) {
    service.logger.info({ err: error, personId }, 'a passkey was refused');
    return wrong;
  }
}
