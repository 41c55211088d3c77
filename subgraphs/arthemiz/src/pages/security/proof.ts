// Asked before any change of how somebody signs in: an open browser alone must not be enough.
import { authenticate } from '../../passwords/authentication.ts';
import { checkSecondFactor } from '../../second-factors/checking.ts';
import { type HeldFactors, hasSecondFactor, heldFactors } from '../../second-factors/held.ts';
import { type Html, html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import { codeFields, typedCode } from '../second-factor-fields.ts';
import type { Visit } from './visit.ts';

const maximumPasswordLength = 256;
const refused =
  'That did not work, or there were too many attempts. Check what you typed, wait a minute and try again.';

export interface ProofPage {
  title: string;
  /** What will happen. */
  explanation: string;
  /** Name of the button. */
  action: string;
}

/**
 * Whether the form proves, by the password and a second factor where there is one, who sits there. Shows a page that
 * asks for both where it does not.
 */
export async function isProven(visit: Visit, page: ProofPage): Promise<boolean> {
  const { service, person, form, facts } = visit;
  const held = await heldFactors(service, person._id);
  if (form === null) {
    ask(visit, { page, held, error: null });
    return false;
  }
  const password = form.get('password') ?? '';
  const code = typedCode(form);
  const isIncomplete = password === '' || password.length > maximumPasswordLength;
  if (isIncomplete || (hasSecondFactor(held) && code === '')) {
    ask(visit, { page, held, error: 'Fill in everything that is asked for.', status: 400 });
    return false;
  }
  const { ipAddress } = facts;
  const authentication = await authenticate(service, { email: person.email, password, ipAddress });
  const check =
    authentication.isAuthentic && hasSecondFactor(held)
      ? await checkSecondFactor(service, { personId: person._id, code, ipAddress })
      : null;
  const failure = authentication.isAuthentic ? (check?.isRight === false ? check : null) : authentication;
  if (failure === null) return true;
  const headers: Record<string, string> =
    failure.reason === 'throttled' ? { 'retry-after': String(failure.retryAfterSeconds) } : {};
  const status = failure.reason === 'throttled' ? 429 : 401;
  ask(visit, { page, held, error: refused, status, headers });
  return false;
}

interface Asked {
  page: ProofPage;
  held: HeldFactors;
  error: string | null;
  status?: number;
  headers?: Record<string, string>;
}

function ask(visit: Visit, { page, held, error, status = 200, headers = {} }: Asked): void {
  const { title } = page;
  visit.show(
    {
      title: error === null ? title : `Error: ${title}`,
      status,
      body: proofForm(visit, { page, held, error }),
    },
    headers,
  );
}

function proofForm(
  { csrf, person }: Visit,
  { page: { title, explanation, action }, held, error }: Pick<Asked, 'page' | 'held' | 'error'>,
): Html {
  return html`<h1>${title}</h1>
${error === null ? null : errorSummary(error)}
<p>${explanation}</p>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="username" value="${person.email}" autocomplete="username">
<label for="password">Your password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="${maximumPasswordLength}" required autofocus>
${hasSecondFactor(held) ? codeFields({ isFocused: false }) : null}
<div class="actions">
<button type="submit">${action}</button>
<a href="/auth/account/security">Cancel</a>
</div>
</form>`;
}
