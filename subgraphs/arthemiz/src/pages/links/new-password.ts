// Choosing a password: the fields, and whether what was typed is taken.
import { maximumPasswordLength, minimumPasswordLength, whyNot } from '../../passwords/choosing.ts';
import { type Html, html } from '../html.ts';
import type { Words } from '../words/words.ts';

export function newPasswordFields({
  words,
  email,
  isFocused,
  name = 'password',
}: {
  words: Words;
  /** For password managers, which keep the password under it. */
  email: string;
  isFocused: boolean;
  /** Of the field. Default `password`; another one where the old password is asked for too. */
  name?: string;
}): Html {
  const said = words.mailed.newPassword;
  return html`<input type="hidden" name="username" value="${email}" autocomplete="username">
<label for="${name}">${said.label}</label>
<p class="quiet" id="password-rule">${said.rule(minimumPasswordLength)}</p>
<input id="${name}" name="${name}" type="password" autocomplete="new-password" aria-describedby="password-rule" maxlength="${maximumPasswordLength}" required${isFocused ? html` autofocus` : null}>
<label for="again">${said.again}</label>
<input id="again" name="again" type="password" autocomplete="new-password" maxlength="${maximumPasswordLength}" required>`;
}

/** What is wrong with the typed password, for the person who typed it; null when it is taken. */
export function refusalOf(
  form: URLSearchParams,
  { words, email, name = 'password' }: { words: Words; email: string; name?: string },
): string | null {
  const { differ, refusals } = words.mailed.newPassword;
  const password = form.get(name) ?? '';
  if (password !== form.get('again')) return differ;
  const fault = whyNot(password, { email });
  if (fault === 'too-short') return refusals[fault](minimumPasswordLength);
  if (fault === 'too-long') return refusals[fault](maximumPasswordLength);
  return fault === null ? null : refusals[fault];
}
