// Adding a passkey to a person, and taking one away.

import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { isDuplicateKey } from '@supergraph/chassis/database';
import type { Arthemiz } from '../context.ts';
import type { PersonRow } from '../people/model.ts';
import { dropUnneededRecoveryCodes } from '../second-factors/enrolment.ts';
import { changeFactors, type FactorFacts } from '../second-factors/events.ts';
import { heldFactors } from '../second-factors/held.ts';
import { renewRecoveryCodes } from '../second-factors/recovery-codes.ts';
import type { RegistrationAnswer } from './answers.ts';
import { issueChallenge, takeChallenge } from './challenges.ts';

/** More than anybody has devices. */
const maximumPasskeys = 20;

type Circumstances = Omit<FactorFacts, 'kind'>;

/** What the browser is asked to make: a key that is found without a name typed in, and verifies its person. */
export async function registrationOptions(
  service: Arthemiz,
  { person, origin }: { person: PersonRow; origin: string },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { hostname, host } = new URL(origin);
  const held = await service.models.Passkey.find({ personId: person._id }).limit(maximumPasskeys).lean();
  return generateRegistrationOptions({
    rpName: host,
    rpID: hostname,
    userID: new TextEncoder().encode(person._id),
    userName: person.email,
    userDisplayName: person.displayName,
    challenge: await issueChallenge(service, purposeOf(person)),
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: held.map(({ _id: id, transports }) => ({ id, transports })),
  });
}

/** `recoveryCodes` are null where the person has some already. */
export type PasskeyAddition =
  | { isAdded: true; recoveryCodes: string[] | null }
  | { isAdded: false; reason: 'refused' | 'too-many' };

export async function addPasskey(
  service: Arthemiz,
  given: { answer: RegistrationAnswer; name: string; origin: string; facts: Circumstances },
): Promise<PasskeyAddition> {
  const { answer, name, facts } = given;
  const { person } = facts;
  const personId = person._id;
  const { Passkey } = service.models;
  const credential = await verified(service, { ...given, person });
  if (credential === null) return { isAdded: false, reason: 'refused' };
  if ((await Passkey.countDocuments({ personId })) >= maximumPasskeys) {
    return { isAdded: false, reason: 'too-many' };
  }
  let recoveryCodes: string[] | null = null;
  try {
    await changeFactors(service, {
      happened: 'arthemiz.second-factor.added.v1',
      facts: { ...facts, kind: 'passkey' },
      async work() {
        await Passkey.create([
          {
            _id: credential.id,
            personId,
            name,
            publicKey: Buffer.from(credential.publicKey).toString('base64url'),
            counter: credential.counter,
            transports: answer.response.transports ?? [],
            createdAt: new Date(),
          },
        ]);
        const { recoveryCodesLeft } = await heldFactors(service, personId);
        recoveryCodes = recoveryCodesLeft > 0 ? null : await renewRecoveryCodes(service, personId);
        return true;
      },
    });
  } catch (error) {
    // A credential is one person's; who sends another's, perhaps made up, must not take it over (WebAuthn, 7.1).
    if (isDuplicateKey(error)) return { isAdded: false, reason: 'refused' };
    throw error;
  }
  return { isAdded: true, recoveryCodes };
}

/** False when the person has no such passkey. */
export function removePasskey(
  service: Arthemiz,
  { passkeyId, facts }: { passkeyId: string; facts: Circumstances },
): Promise<boolean> {
  const personId = facts.person._id;
  return changeFactors(service, {
    happened: 'arthemiz.second-factor.removed.v1',
    facts: { ...facts, kind: 'passkey' },
    async work() {
      const { deletedCount } = await service.models.Passkey.deleteOne({ _id: passkeyId, personId });
      await dropUnneededRecoveryCodes(service, personId);
      return deletedCount === 1;
    },
  });
}

async function verified(
  service: Arthemiz,
  { answer, origin, person }: { answer: RegistrationAnswer; origin: string; person: PersonRow },
) {
  const purpose = purposeOf(person);
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response: answer,
      expectedChallenge: (challenge) => takeChallenge(service, { challenge, purpose }),
      expectedOrigin: origin,
      expectedRPID: new URL(origin).hostname,
      requireUserVerification: true,
    });
    return registrationInfo?.credential ?? null;
  } catch (error) {
    service.logger.info({ err: error }, 'a passkey was not added');
    return null;
  }
}

function purposeOf({ _id }: PersonRow): string {
  return `add:${_id}`;
}
