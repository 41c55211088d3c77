// The forms of a sign-in. They work without a script, and each field says what it is for.
import { type Html, html } from './html.ts';
import { errorSummary } from './layout.ts';

interface FormFrame {
  csrf: string;
  /** Name of the client that asked. */
  clientName: string;
}

export interface SignInForm extends FormFrame {
  email: string;
  error: string | null;
  passkey: Html;
}

export function signInForm({ csrf, clientName, email, error, passkey }: SignInForm): Html {
  const focus = html` autofocus`;
  return html`<h1>Sign in</h1>
${error === null ? null : errorSummary(error)}
<p class="quiet">to continue to ${clientName}</p>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" value="${email}" autocomplete="username" maxlength="254" required${email === '' ? focus : null}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required${email === '' ? null : focus}>
${actions('Sign in')}
<p class="after"><button type="submit" name="action" value="sso" class="plain" formnovalidate>Use single sign-on</button></p>
</form>
<form method="post" class="alternative">
<input type="hidden" name="csrf" value="${csrf}">
${passkey}
</form>
<p class="after"><a href="/auth/password/forgotten">I have forgotten my password</a></p>`;
}

export interface TenantForm extends FormFrame {
  tenants: ReadonlyArray<{ tenantId: string; tenantName: string }>;
  error: string | null;
}

export function tenantForm({ csrf, clientName, tenants, error }: TenantForm): Html {
  return html`<h1>Choose a tenant</h1>
${error === null ? null : errorSummary(error)}
<p class="quiet">You belong to several. ${clientName} will act in the one that you choose.</p>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
<fieldset>
<legend>Tenant</legend>
${tenants.map(
  (
    { tenantId, tenantName },
    index,
  ) => html`<label class="choice"><input type="radio" name="tenant" value="${tenantId}" required${index === 0 ? html` autofocus` : null}> ${tenantName}</label>
`,
)}</fieldset>
${actions('Continue')}
</form>`;
}

/** Asked before a program on this computer gets tokens by a sign-in of earlier on (RFC 8252, 8.6). */
export function confirmForm({ csrf, clientName }: FormFrame): Html {
  return html`<h1>Continue to ${clientName}?</h1>
<p>A program on this computer asks to act in your name. Continue only if you have just started it yourself.</p>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
${actions('Continue')}
</form>`;
}

export function actions(name: string): Html {
  return html`<div class="actions">
<button type="submit" name="action" value="continue">${name}</button>
<button type="submit" name="action" value="cancel" class="plain" formnovalidate>Cancel</button>
</div>`;
}
