// Confirming an address by the link that was mailed there. Whoever reads the mails at an address is not enough: a typing
// mistake must give nobody's account away, so that its person has to be signed in, too.
import { isDuplicateKey } from '@supergraph/chassis/database';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { digestOf } from '../links/one-time.ts';
import { queueNotice } from '../mail/notices.ts';
import { tenantsToldOf } from '../memberships/told.ts';
import type { PersonRow } from '../people/model.ts';
import { maskEmail } from '../people/rules.ts';
import { noteVerified } from '../people/verifying.ts';
import { hindranceOf } from './hindrances.ts';
import type { EmailChangeRow } from './model.ts';

export interface Confirmation {
  person: PersonRow;
  secret: string;
  ipAddress: string | null;
  userAgent: string | null;
}

/** What a link of this person's confirms; null where it does not work, or no more. */
export async function confirmationOf(
  service: Arthemiz,
  { person, secret }: Pick<Confirmation, 'person' | 'secret'>,
): Promise<EmailChangeRow | null> {
  const { _id: personId, email: from } = person;
  const change = await service.models.EmailChange.findOne({
    ...{ _id: digestOf(secret), personId, from },
    expiresAt: { $gt: new Date() },
  }).lean();
  return change !== null && (await hindranceOf(service, change)) === null ? change : null;
}

/**
 * Once for each link. A new address takes the place of the old one, at which links for a new password end; sessions go
 * on, because an address lets nobody in.
 * @returns `gone` where the link works no more, `taken` where somebody has the address by now
 */
export async function confirmEmail(
  service: Arthemiz,
  confirmation: Confirmation,
): Promise<'confirmed' | 'gone' | 'taken'> {
  const change = await confirmationOf(service, confirmation);
  if (change === null) return 'gone';
  try {
    const isDone = await acrossTenants("a person's address concerns each tenant of theirs", () =>
      service.transaction((unit) => confirmWithin(service, unit, { ...confirmation, change })),
    );
    return isDone ? 'confirmed' : 'gone';
  } catch (error) {
    if (isDuplicateKey(error)) return 'taken';
    throw error;
  }
}

async function confirmWithin(
  service: Arthemiz,
  unit: UnitOfWork,
  { change, ...confirmation }: Confirmation & { change: EmailChangeRow },
): Promise<boolean> {
  const { EmailChange, PasswordReset, Person } = service.models;
  const { _id, personId, from, to } = change;
  if ((await EmailChange.deleteOne({ _id })).deletedCount === 0) return false;
  // Others' links to the address are worth nothing from now on; who confirms one at this moment meets this one's deletions.
  await EmailChange.deleteMany({ to });
  const mine = { _id: personId, email: from };
  if (from === to) {
    if ((await Person.exists(mine)) === null) return false;
    await noteVerified(service, personId);
    return true;
  }
  const changed = { email: to, emailVerifiedAt: new Date() };
  if ((await Person.updateOne(mine, { $set: changed })).matchedCount === 0) return false;
  await EmailChange.deleteMany({ personId });
  await PasswordReset.deleteMany({ personId });
  await mailNotice(service, { ...confirmation, change });
  await tell(service, unit, { ...confirmation, change });
  return true;
}

/** To the old address, which is still the one in `person`. */
function mailNotice(
  service: Arthemiz,
  { person, ipAddress, change: { from, to } }: Confirmation & { change: EmailChangeRow },
): Promise<void> {
  return queueNotice(service, person, {
    kind: 'email-changed',
    say: (words, at) => words.emailChanged({ email: from, newEmail: maskEmail(to), at, ipAddress }),
  });
}

async function tell(
  service: Arthemiz,
  { emit }: UnitOfWork,
  { ipAddress, userAgent, change }: Confirmation & { change: EmailChangeRow },
): Promise<void> {
  const { personId, from, to } = change;
  const data = {
    ...{ personId, email: maskEmail(to), previousEmail: maskEmail(from), ipAddress },
    userAgent: userAgent?.slice(0, 512) ?? null,
  };
  for (const tenantId of await tenantsToldOf(service, personId))
    await emit('arthemiz.person.email-changed.v1', { tenantId, subject: personId, data });
}
