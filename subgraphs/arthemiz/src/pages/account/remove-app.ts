import { removeAuthenticatorApp } from '../../second-factors/enrolment.ts';
import { isProven } from './proof.ts';
import type { Visit } from './visit.ts';

/** Takes the authenticator app away, after proof by the password and a factor. */
export async function removeAppPage(visit: Visit): Promise<void> {
  const { removeApp, security } = visit.words.account;
  const page = { ...removeApp, action: security.remove };
  if (!(await isProven(visit, page))) return;
  await removeAuthenticatorApp(visit.service, visit.facts);
  visit.leave();
}
