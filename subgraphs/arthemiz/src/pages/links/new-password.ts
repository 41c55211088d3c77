// Choosing a password: the fields, and whether what was typed is taken.
import { maximumPasswordLength, minimumPasswordLength, whyNot } from '../../passwords/choosing.ts';
import { type Html, html } from '../html.ts';

export function newPasswordFields({
  email,
  isFocused,
  name = 'password',
}: {
  /** For password managers, which keep the password under it. */
  email: string;
  isFocused: boolean;
  /** Of the field. Default `password`; another one where the old password is asked for too. */
  name?: string;
}): Html {
  return html`<input type="hidden" name="username" value="${email}" autocomplete="username">
<label for="${name}">New password</label>
<p class="quiet" id="password-rule">At least ${minimumPasswordLength} characters, of any kind. Several words make a good one.</p>
<input id="${name}" name="${name}" type="password" autocomplete="new-password" aria-describedby="password-rule" maxlength="${maximumPasswordLength}" required${isFocused ? html` autofocus` : null}>
<label for="again">The same again</label>
<input id="again" name="again" type="password" autocomplete="new-password" maxlength="${maximumPasswordLength}" required>`;
}

/** What is wrong with the typed password, for the person who typed it; null when it is taken. */
export function refusalOf(
  form: URLSearchParams,
  { email, name = 'password' }: { email: string; name?: string },
): string | null {
  const password = form.get(name) ?? '';
  if (password !== form.get('again')) return 'The two passwords differ. Type the same one twice.';
  return whyNot(password, { email });
}
