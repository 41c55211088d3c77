// Adding an authenticator app: proof of who sits there first.

import { confirmApp, isAppConfirmation, offerApp } from '../app-enrolment.ts';
import { html } from '../html.ts';
import { newRecoveryCodesPage } from '../recovery-codes-page.ts';
import { isProven } from './proof.ts';
import type { Visit } from './visit.ts';

export async function addAppPage(visit: Visit): Promise<void> {
  const { service, form, csrf, person, facts, words } = visit;
  if (isAppConfirmation(form)) {
    const outcome = await confirmApp(service, { form, csrf, facts, words });
    if ('page' in outcome) return visit.show(outcome.page);
    if (!outcome.isAdded || outcome.recoveryCodes === null) return visit.leave();
    const onward = html`<p><a href="/auth/account/security">${words.account.recoveryCodes.kept}</a></p>`;
    return visit.show(newRecoveryCodesPage(outcome.recoveryCodes, { words, onward }));
  }
  const page = {
    ...words.account.addApp,
    action: words.next,
  };
  if (await isProven(visit, page)) visit.show(offerApp(service, { person, csrf, words }));
}
