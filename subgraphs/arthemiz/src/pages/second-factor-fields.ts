// The fields that ask for a second factor that is typed. A recovery code has a field of its own, because phones show
// digits alone for the other one.
import type { HeldFactors } from '../second-factors/held.ts';
import { type Html, html } from './html.ts';
import type { Words } from './words/words.ts';

const maximumLength = 64;

export function codeFields(
  { appSince }: Pick<HeldFactors, 'appSince'>,
  { isFocused, words }: { isFocused: boolean; words: Words },
): Html {
  return html`${appSince === null ? null : appField(words, { isFocused })}<details>
<summary>${words.secondFactor.useRecovery}</summary>
<label for="recovery">${words.secondFactor.recovery}</label>
<input id="recovery" name="recovery" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="${maximumLength}">
</details>`;
}

function appField(words: Words, { isFocused }: { isFocused: boolean }): Html {
  return html`<label for="code">${words.secondFactor.app}</label>
<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="${maximumLength}"${isFocused ? html` autofocus` : null}>
`;
}

/** What was typed into either of them; empty for nothing. */
export function typedCode(form: URLSearchParams): string {
  const code = (form.get('code') ?? '').trim() || (form.get('recovery') ?? '').trim();
  return code.slice(0, maximumLength);
}
