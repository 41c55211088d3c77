// Adding an authenticator app: proof of who sits there first.

import { confirmApp, isAppConfirmation, offerApp } from '../app-enrolment.ts';
import { html } from '../html.ts';
import { newRecoveryCodesPage } from '../recovery-codes-page.ts';
import { isProven } from './proof.ts';
import type { Visit } from './visit.ts';

export async function addAppPage(visit: Visit): Promise<void> {
  const { service, form, csrf, person, facts } = visit;
  if (isAppConfirmation(form)) {
    const outcome = await confirmApp(service, { form, csrf, facts });
    if ('page' in outcome) return visit.show(outcome.page);
    if (!outcome.isAdded || outcome.recoveryCodes === null) return visit.leave();
    const onward = html`<p><a href="/auth/account/security">I have kept them</a></p>`;
    return visit.show(newRecoveryCodesPage(outcome.recoveryCodes, onward));
  }
  const page = {
    title: 'Add an authenticator app',
    explanation: 'From then on you are asked for a code of the app whenever you sign in.',
    action: 'Continue',
  };
  if (await isProven(visit, page)) visit.show(offerApp(service, { person, csrf }));
}
