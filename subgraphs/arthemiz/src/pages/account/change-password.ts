import { changePassword } from '../../passwords/changing.ts';
import { newPasswordFields, refusalOf } from '../links/new-password.ts';
import { isProven } from './proof.ts';
import type { Visit } from './visit.ts';

/** Changes the password, after proof by the old one and a factor. Other browsers and programs have to sign in again. */
export async function changePasswordPage(visit: Visit): Promise<void> {
  const { service, person, session, form, facts } = visit;
  const { email } = person;
  const name = 'new-password';
  const page = {
    title: 'Change the password',
    explanation: 'You stay signed in here. Everywhere else you will have to sign in again.',
    action: 'Change the password',
    fields: newPasswordFields({ email, isFocused: false, name }),
    problem: form === null ? null : refusalOf(form, { email, name }),
  };
  if (!(await isProven(visit, page))) return;
  const grantIds = Object.values(session.authorizations ?? {}).flatMap(({ grantId }) => grantId ?? []);
  await changePassword(service, {
    ...facts,
    password: form?.get(name) ?? '',
    how: 'changed',
    kept: { sessionUid: session.uid, grantIds },
  });
  visit.leave();
}
