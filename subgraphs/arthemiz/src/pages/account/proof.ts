// Asked before any change of how somebody signs in: an open browser alone must not be enough.
import { publicOrigin } from '../../oidc/origin.ts';
import { readAuthentication } from '../../passkeys/answers.ts';
import { authenticationOptions, checkPasskey, type PasskeyRequest } from '../../passkeys/authentication.ts';
import { authenticate } from '../../passwords/authentication.ts';
import { checkSecondFactor, type FactorCheck } from '../../second-factors/checking.ts';
import { type HeldFactors, hasSecondFactor, heldFactors } from '../../second-factors/held.ts';
import { type Html, html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import { passkeyButton } from '../passkey-button.ts';
import { passkeyScriptPath } from '../passkey-script.ts';
import { codeFields, typedCode } from '../second-factor-fields.ts';
import type { Visit } from './visit.ts';

const maximumPasswordLength = 256;

export interface ProofPage {
  title: string;
  /** What will happen. */
  explanation: string;
  /** Name of the button. */
  action: string;
  /** What else the page asks for. */
  fields?: Html;
  /** What is wrong with that, said before the proof is looked at. */
  problem?: string | null;
  /** Where one goes who thinks better of it. Default: the overview. */
  cancelTo?: string;
}

/**
 * Whether the form proves, by the password and a second factor where there is one, who sits there. Shows a page that
 * asks for both where it does not.
 */
export async function isProven(visit: Visit, page: ProofPage): Promise<boolean> {
  const { service, person, form, facts, words } = visit;
  const held = await heldFactors(service, person._id);
  if (form === null) {
    await ask(visit, { page, held, error: null });
    return false;
  }
  const { problem = null } = page;
  if (problem !== null) {
    await ask(visit, { page, held, error: problem, status: 400 });
    return false;
  }
  const password = form.get('password') ?? '';
  const code = typedCode(form);
  const credential = form.get('credential') ?? '';
  const isIncomplete = password === '' || password.length > maximumPasswordLength;
  if (isIncomplete || (hasSecondFactor(held) && code === '' && credential === '')) {
    await ask(visit, { page, held, error: words.account.proof.incomplete, status: 400 });
    return false;
  }
  const { ipAddress } = facts;
  const authentication = await authenticate(service, { email: person.email, password, ipAddress });
  const check =
    authentication.isAuthentic && hasSecondFactor(held)
      ? await checkFactor(visit, { code, credential })
      : null;
  const failure = authentication.isAuthentic ? (check?.isRight === false ? check : null) : authentication;
  if (failure === null) return true;
  const headers: Record<string, string> =
    failure.reason === 'throttled' ? { 'retry-after': String(failure.retryAfterSeconds) } : {};
  const status = failure.reason === 'throttled' ? 429 : 401;
  await ask(visit, { page, held, error: words.account.proof.refused, status, headers });
  return false;
}

interface Asked {
  page: ProofPage;
  held: HeldFactors;
  error: string | null;
  status?: number;
  headers?: Record<string, string>;
}

/** By a passkey where the browser sent one, and otherwise by what was typed. */
async function checkFactor(
  visit: Visit,
  { code, credential }: { code: string; credential: string },
): Promise<FactorCheck> {
  const { service, person, facts } = visit;
  if (credential === '') {
    return checkSecondFactor(service, { personId: person._id, code, ipAddress: facts.ipAddress });
  }
  const answer = readAuthentication(credential);
  const check = answer === null ? null : await checkPasskey(service, { ...requestOf(visit), answer });
  return check?.isRight ? check : { isRight: false, reason: 'wrong-second-factor' };
}

async function ask(visit: Visit, { page, held, error, status = 200, headers = {} }: Asked): Promise<void> {
  const { title, explanation, action, fields = null, cancelTo = '/auth/account/security' } = page;
  const { service, person, csrf, words } = visit;
  const passkey =
    held.passkeys.length === 0
      ? null
      : passkeyButton({
          words,
          name: words.secondFactor.passkey,
          kind: 'get',
          options: await authenticationOptions(service, requestOf(visit)),
        });
  const body = html`<h1>${title}</h1>
${error === null ? null : errorSummary(error)}
<p>${explanation}</p>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="username" value="${person.email}" autocomplete="username">
<label for="password">${words.account.proof.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="${maximumPasswordLength}" required autofocus>
${hasSecondFactor(held) ? codeFields(held, { isFocused: false, words }) : null}
${fields}
<div class="actions">
<button type="submit">${action}</button>
${passkey}
<a href="${cancelTo}">${words.cancel}</a>
</div>
</form>`;
  const script = passkey === null ? {} : { script: passkeyScriptPath };
  visit.show({ title: error === null ? title : words.error(title), status, body, ...script }, headers);
}

function requestOf({ request, person, csrf }: Visit): PasskeyRequest {
  return { origin: publicOrigin(request), purpose: `account:${csrf}`, personId: person._id };
}
