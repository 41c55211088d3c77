// The forms of a sign-in. They work without a script, and each field says what it is for.
import { type Html, html } from './html.ts';
import { errorSummary } from './layout.ts';
import type { Words } from './words/words.ts';

interface FormFrame {
  csrf: string;
  /** Name of the client that asked. */
  clientName: string;
  words: Words;
}

export interface SignInForm extends FormFrame {
  email: string;
  error: string | null;
  passkey: Html;
}

export function signInForm({ csrf, clientName, words, email, error, passkey }: SignInForm): Html {
  const focus = html` autofocus`;
  return html`<h1>${words.signIn.title}</h1>
${error === null ? null : errorSummary(error)}
<p class="quiet">${words.goingOnTo(clientName)}</p>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
<label for="email">${words.signIn.email}</label>
<input id="email" name="email" type="email" value="${email}" autocomplete="username" maxlength="254" required${email === '' ? focus : null}>
<label for="password">${words.signIn.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required${email === '' ? null : focus}>
${actions(words, words.signIn.title)}
<p class="after"><button type="submit" name="action" value="sso" class="plain" formnovalidate>${words.signIn.singleSignOn}</button></p>
</form>
<form method="post" class="alternative">
<input type="hidden" name="csrf" value="${csrf}">
${passkey}
</form>
<p class="after"><a href="/auth/password/forgotten">${words.signIn.forgotten}</a></p>`;
}

export interface TenantForm extends FormFrame {
  tenants: ReadonlyArray<{ tenantId: string; tenantName: string }>;
  error: string | null;
}

export function tenantForm({ csrf, clientName, words, tenants, error }: TenantForm): Html {
  return html`<h1>${words.tenant.title}</h1>
${error === null ? null : errorSummary(error)}
<p class="quiet">${words.tenant.lead(clientName)}</p>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
<fieldset>
<legend>${words.tenant.legend}</legend>
${tenants.map(
  (
    { tenantId, tenantName },
    index,
  ) => html`<label class="choice"><input type="radio" name="tenant" value="${tenantId}" required${index === 0 ? html` autofocus` : null}> ${tenantName}</label>
`,
)}</fieldset>
${actions(words, words.next)}
</form>`;
}

/** Asked before a program on this computer gets tokens by a sign-in of earlier on (RFC 8252, 8.6). */
export function confirmForm({ csrf, clientName, words }: FormFrame): Html {
  return html`<h1>${words.confirm.heading(clientName)}</h1>
<p>${words.confirm.lead}</p>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
${actions(words, words.next)}
</form>`;
}

export function actions(words: Words, name: string): Html {
  return html`<div class="actions">
<button type="submit" name="action" value="continue">${name}</button>
<button type="submit" name="action" value="cancel" class="plain" formnovalidate>${words.cancel}</button>
</div>`;
}
