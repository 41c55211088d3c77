import { type Html, html } from './html.ts';
import type { Page } from './layout.ts';
import type { Words } from './words/words.ts';

/** Shows recovery codes, for the only time. `onward` leads on from there. */
export function newRecoveryCodesPage(
  codes: readonly string[],
  { words, onward }: { words: Words; onward: Html },
): Page {
  const { title, lead } = words.account.recoveryCodes;
  return {
    title,
    body: html`<h1>${title}</h1>
<p>${lead}</p>
<ul class="codes">
${codes.map((code) => html`<li><code>${code}</code></li>\n`)}</ul>
${onward}`,
  };
}
