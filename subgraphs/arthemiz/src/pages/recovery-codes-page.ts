import { type Html, html } from './html.ts';
import type { Page } from './layout.ts';

/** Shows recovery codes, for the only time. `onward` leads on from there. */
export function newRecoveryCodesPage(codes: readonly string[], onward: Html): Page {
  return {
    title: 'Your recovery codes',
    body: html`<h1>Your recovery codes</h1>
<p>Each lets you in once, when your second factor is lost. They are shown only now: print them, or keep them in a password manager.</p>
<ul class="codes">
${codes.map((code) => html`<li><code>${code}</code></li>\n`)}</ul>
${onward}`,
  };
}
