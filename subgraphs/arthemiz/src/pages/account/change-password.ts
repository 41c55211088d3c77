import { changePassword } from '../../passwords/changing.ts';
import { newPasswordFields, refusalOf } from '../links/new-password.ts';
import { isProven } from './proof.ts';
import type { Visit } from './visit.ts';

/** Changes the password, after proof by the old one and a factor. Other browsers and programs have to sign in again. */
export async function changePasswordPage(visit: Visit): Promise<void> {
  const { service, person, session, form, facts, words } = visit;
  const title = words.account.security.changePassword;
  const { email } = person;
  const name = 'new-password';
  const page = {
    title,
    explanation: words.account.changePassword.explanation,
    action: title,
    fields: newPasswordFields({ words, email, isFocused: false, name }),
    problem: form === null ? null : refusalOf(form, { words, email, name }),
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
