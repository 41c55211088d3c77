import { hasSecondFactor, heldFactors } from '../../second-factors/held.ts';
import { renewRecoveryCodes } from '../../second-factors/recovery-codes.ts';
import { html } from '../html.ts';
import { newRecoveryCodesPage } from '../recovery-codes-page.ts';
import { isProven } from './proof.ts';
import type { Visit } from './visit.ts';

/** Makes new recovery codes, after which those of before are worth nothing. */
export async function recoveryCodesPage(visit: Visit): Promise<void> {
  const { service, person, words } = visit;
  if (!hasSecondFactor(await heldFactors(service, person._id))) return visit.leave();
  if (!(await isProven(visit, words.account.renewRecovery))) return;
  const codes = await renewRecoveryCodes(service, person._id);
  const onward = html`<p><a href="/auth/account/security">${words.account.recoveryCodes.kept}</a></p>`;
  visit.show(newRecoveryCodesPage(codes, { words, onward }));
}
