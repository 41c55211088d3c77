// A new password, with all that goes with it in one transaction: who was let in by the old one is out, and the person
// and their tenants are told.
import { acrossTenants } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { forgottenPasswordPage, queueNotice } from '../mail/notices.ts';
import { tenantsToldOf } from '../memberships/told.ts';
import { partsOf } from '../parts.ts';
import type { PersonRow } from '../people/model.ts';
import { maskEmail } from '../people/rules.ts';
import { forgetGuesses } from '../second-factors/checking.ts';
import { endAllSessions, type KeptSession } from '../sessions/ending.ts';
import { storePassword } from './authentication.ts';

export interface PasswordChange {
  person: PersonRow;
  password: string;
  how: 'changed' | 'reset';
  ipAddress: string | null;
  userAgent: string | null;
  /** The browser that goes on being signed in; none unless told. */
  kept?: KeptSession;
}

/**
 * Changes the password, unless `claim`, called first in the transaction, says that the right to do so is gone.
 * @returns whether it was changed
 */
export async function changePassword(
  service: Arthemiz,
  change: PasswordChange,
  claim: () => Promise<boolean> = async () => true,
): Promise<boolean> {
  const { person, password, kept = { sessionUid: null, grantIds: [] } } = change;
  const personId = person._id;
  const hash = await partsOf(service).passwords.hash(password);
  const tenantIds = await tenantsToldOf(service, personId);
  return acrossTenants('a changed password concerns each tenant of the person', () =>
    service.transaction(async (unit) => {
      if (!(await claim())) return false;
      await service.models.PasswordReset.deleteMany({ personId });
      // Whoever knew the old one may have asked for another address.
      await service.models.EmailChange.deleteMany({ personId });
      await storePassword(service, { personId, hash });
      await forgetGuesses(service, personId);
      await endAllSessions(service, { personId, kept, endedBy: personId, reason: 'password-changed' });
      await mailNotice(service, change);
      for (const tenantId of tenantIds) await tell(unit, { ...change, tenantId });
      return true;
    }),
  );
}

function mailNotice(service: Arthemiz, { person, how, ipAddress }: PasswordChange): Promise<void> {
  const { email } = person;
  const forgottenPage = forgottenPasswordPage(service);
  return queueNotice(service, person, {
    kind: 'password-changed',
    say: (words, at) => words.passwordChanged({ email, how, at, ipAddress, forgottenPage }),
  });
}

function tell(
  { emit }: UnitOfWork,
  { person, how, ipAddress, userAgent, tenantId }: PasswordChange & { tenantId: string },
): Promise<void> {
  return emit('arthemiz.person.password-changed.v1', {
    tenantId,
    subject: person._id,
    data: {
      personId: person._id,
      email: maskEmail(person.email),
      how,
      ipAddress,
      userAgent: userAgent?.slice(0, 512) ?? null,
    },
  });
}
