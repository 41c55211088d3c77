// Asks the account that has the address for its password, before a provider that is new to it may open it.
import type { SsoConnectionRow } from '../../sso/model.ts';
import { actions } from '../forms.ts';
import { html } from '../html.ts';
import { errorSummary } from '../layout.ts';
import type { SignIn } from '../sign-in-route.ts';

const field = 'account-password';
const maximumPasswordLength = 256;

/** Whether a form is this page's; somebody may have gone back and sent another one. */
export function isProofTyped(form: URLSearchParams): boolean {
  return form.has(field);
}

export function typedPassword(form: URLSearchParams | null): string | null {
  const password = form?.get(field) ?? '';
  return password === '' || password.length > maximumPasswordLength ? null : password;
}

interface Shown {
  connection: SsoConnectionRow;
  email: string;
  error: string | null;
  status?: number;
  headers?: Record<string, string>;
}

export function showProofPage(
  { show, csrf, words }: SignIn,
  { connection, email, error, status = 200, headers }: Shown,
): void {
  const said = words.arriving.ownership;
  const { title } = said;
  show(
    {
      title: error === null ? title : words.error(title),
      status: error !== null && status === 200 ? 400 : status,
      body: html`<h1>${title}</h1>
${error === null ? null : errorSummary(error)}
<p>${said.lead(connection.name, email)}</p>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="username" value="${email}" autocomplete="username">
<label for="${field}">${said.password}</label>
<input id="${field}" name="${field}" type="password" autocomplete="current-password" maxlength="${maximumPasswordLength}" required autofocus>
${actions(words, words.next)}
</form>`,
    },
    headers,
  );
}
