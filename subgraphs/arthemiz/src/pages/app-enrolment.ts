// Setting up an authenticator app: its secret as a QR code and as text, then a code of the app as proof that it works.
import { renderSVG } from 'uqr';
import type { Arthemiz } from '../context.ts';
import type { PersonRow } from '../people/model.ts';
import { createTotpSecret } from '../second-factors/authenticator-app.ts';
import { addAuthenticatorApp } from '../second-factors/enrolment.ts';
import type { FactorFacts } from '../second-factors/events.ts';
import { openPending, sealPending } from '../second-factors/pending.ts';
import { keyUri } from '../second-factors/rules.ts';
import { Html, html } from './html.ts';
import { errorSummary, type Page } from './layout.ts';
import type { Words } from './words/words.ts';

interface Enrolment {
  person: PersonRow;
  csrf: string;
  words: Words;
  /** Why the page is shown, where the person did not ask for it. */
  introduction?: string;
}

/** The page with a new secret. */
export function offerApp(service: Arthemiz, enrolment: Enrolment): Page {
  return secretPage(service, { ...enrolment, secret: createTotpSecret(), error: null });
}

/** Whether the form comes from the page above. */
export function isAppConfirmation(form: URLSearchParams | null): form is URLSearchParams {
  return form?.has('pending') ?? false;
}

/**
 * Adds the app, or answers with the page to show instead. Recovery codes are null where the person has some;
 * `isAdded: false` where they have an app already, of which this proves nothing.
 */
export async function confirmApp(
  service: Arthemiz,
  {
    form,
    csrf,
    words,
    facts,
  }: { form: URLSearchParams; csrf: string; words: Words; facts: Omit<FactorFacts, 'kind'> },
): Promise<{ page: Page } | { isAdded: false } | { isAdded: true; recoveryCodes: string[] | null }> {
  const { person } = facts;
  const said = words.account.enrolment;
  const secret = openPending(service, {
    purpose: 'authenticator-app',
    personId: person._id,
    text: form.get('pending') ?? '',
  });
  // A new secret, because nobody knows who else was shown one that is not ours or lay there for long.
  if (secret === null) {
    const secret = createTotpSecret();
    return { page: secretPage(service, { person, csrf, words, secret, error: said.tooLate, status: 400 }) };
  }
  const enrolment = await addAuthenticatorApp(service, { secret, code: form.get('code') ?? '', facts });
  if (enrolment.isAdded) return enrolment;
  if (enrolment.reason === 'has-one') return { isAdded: false };
  return { page: secretPage(service, { person, csrf, words, secret, error: said.wrongCode, status: 401 }) };
}

interface SecretPage extends Enrolment {
  secret: string;
  error: string | null;
  status?: number;
}

function secretPage(
  service: Arthemiz,
  { person, csrf, words, introduction, secret, error, status = 200 }: SecretPage,
): Page {
  const said = words.account.enrolment;
  const { title } = said;
  return {
    status,
    title: error === null ? title : words.error(title),
    body: html`<h1>${title}</h1>
${error === null ? null : errorSummary(error)}
${introduction === undefined ? null : html`<p>${introduction}</p>`}
<p>${said.scan}</p>
${qrCode(keyUri({ secret, account: person.email, issuer: new URL(service.config.ISSUER).host }), said.qrCode)}
<p>${said.key}<br><code class="secret">${secret.replace(/.{4}(?=.)/g, '$& ')}</code></p>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="pending" value="${sealPending(service, { purpose: 'authenticator-app', personId: person._id, value: secret })}">
<label for="code">${said.code}</label>
<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="20" required autofocus>
<div class="actions"><button type="submit">${said.confirm}</button></div>
</form>`,
  };
}

function qrCode(text: string, label: string): Html {
  const svg = new Html(renderSVG(text, { border: 4, ecc: 'M' })); // made of numbers alone
  return html`<div class="qr" role="img" aria-label="${label}">${svg}</div>`;
}
