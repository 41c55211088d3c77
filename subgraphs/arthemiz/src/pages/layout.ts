// The frame of every page: no other origin, no script but a file of ours, readable in light and dark and without CSS.
import { createHash } from 'node:crypto';
import type { Brand } from '../branding/reading.ts';
import { brandHead, brandStyle } from './brand.ts';
import { Html, html } from './html.ts';

export interface Page {
  title: string;
  /** The language of its words (BCP 47). Default English. */
  lang?: string;
  body: Html;
  status?: number;
  /** Origins that a form on the page may lead to, redirects included. */
  formTargets?: readonly string[];
  /**
   * Where the browser goes by itself. By a redirect it could not, after a form: the page that the form stood on has not
   * named the place among its targets.
   */
  next?: URL;
  /** Path of a script of ours, for what browsers do by script alone. */
  script?: string;
  /** Of the tenant that the page belongs to, where that is known and has chosen one. */
  brand?: Brand | null;
}

export interface RenderedPage {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const style = `
:root{color-scheme:light dark;--ink:#1b1f24;--quiet:#57606a;--ground:#f6f8fa;--sheet:#fff;--line:#8c959f;--accent:#0550ae;--on-accent:#fff;--alarm:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--quiet:#9da7b3;--ground:#0d1117;--sheet:#161b22;--line:#6e7681;--accent:#79c0ff;--on-accent:#0d1117;--alarm:#ff9a92}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:25rem;padding:2rem;background:var(--sheet);border:1px solid var(--line);border-radius:.5rem}
body>main>.brand{display:flex;gap:.75rem;align-items:center;font-weight:600}
.brand img{max-width:8rem;max-height:3rem;padding:.25rem;background:#fff;border-radius:.25rem}
h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.25}
h2{margin:1.5rem 0 .5rem;font-size:1.125rem}
p{margin:0 0 1rem}
a{color:var(--accent)}
.quiet{color:var(--quiet)}
.error{margin:0 0 1rem;padding:.75rem 1rem;border:2px solid var(--alarm);border-radius:.25rem}
label{display:block;margin-bottom:.25rem;font-weight:600}
input[type=email],input[type=password],input[type=text]{width:100%;margin-bottom:1rem;padding:.5rem .75rem;font:inherit;color:inherit;background:var(--sheet);border:1px solid var(--line);border-radius:.25rem}
fieldset{margin:0 0 1rem;padding:0;border:0}
legend{margin-bottom:.5rem;padding:0;font-weight:600}
.choice{display:flex;gap:.5rem;align-items:baseline;padding:.5rem 0;font-weight:400}
button{min-height:2.75rem;padding:.5rem 1rem;font:inherit;font-weight:600;color:var(--on-accent);background:var(--accent);border:1px solid var(--accent);border-radius:.25rem;cursor:pointer}
button.plain{color:var(--accent);background:transparent}
form.alternative{margin-top:1rem}
summary{cursor:pointer}
details{margin-bottom:1rem}
details[open] summary{margin-bottom:.5rem}
.qr{display:block;width:100%;max-width:15rem;margin:0 0 1rem}
.secret{overflow-wrap:anywhere;font-size:1.125rem}
ul.plain{margin:0 0 1rem;padding:0;list-style:none}
.codes{columns:2;margin:0 0 1rem;padding:0;list-style:none}
a{color:var(--accent)}
.after{margin:1rem 0 0}
.actions{display:flex;flex-wrap:wrap;gap:.75rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
`;
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const styleHash = hashOf(style);

/** The page with the headers that keep it safe: no framing, no caching, no scripts of others, no indexing. */
export function renderPage({
  title,
  lang = 'en',
  body,
  status = 200,
  formTargets = [],
  next,
  script,
  brand = null,
}: Page): RenderedPage {
  const ownStyle = brand === null ? '' : brandStyle(brand);
  const document = html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
${next === undefined ? null : html`<meta http-equiv="refresh" content="0; url=${next.href}">`}
<style>${new Html(style)}</style>
${ownStyle === '' ? null : html`<style>${new Html(ownStyle)}</style>`}
${script === undefined ? null : html`<script type="module" src="${script}"></script>`}
</head>
<body>
<main>
${brand === null ? null : brandHead(brand)}${body}
</main>
</body>
</html>
`;
  const targets = ["'self'", ...new Set(formTargets)].join(' ');
  const styles = ownStyle === '' ? styleHash : `${styleHash} ${hashOf(ownStyle)}`;
  const images = brand?.logo ? ' img-src data:;' : '';
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src ${styles};${images}${script === undefined ? '' : " script-src 'self';"} form-action ${targets}; base-uri 'none'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
      vary: 'accept-language',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'x-robots-tag': 'noindex',
    },
    body: document.text,
  };
}

/** A box that screen readers announce at once. */
export function errorSummary(message: string | Html): Html {
  return html`<div class="error" role="alert" tabindex="-1"><p>${message}</p></div>`;
}
