// Pages that the provider itself asks for: signing out, and what went wrong.
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Config } from '../config.ts';
import { Html, html } from './html.ts';
import { errorSummary, type Page, renderPage } from './layout.ts';
import { wordsFor } from './words/words.ts';

export function renderLogout({ PUBLIC_ORIGINS }: Pick<Config, 'PUBLIC_ORIGINS'>) {
  return (ctx: KoaContextWithOIDC, form: string): void => {
    const { lang, signOut: words } = wordsFor(ctx.req);
    answer(ctx, {
      lang,
      title: words.title,
      formTargets: PUBLIC_ORIGINS,
      // The provider's own form: fixed but for a random token.
      body: html`<h1>${words.title}</h1>
<p>${words.lead}</p>
${new Html(form)}
<div class="actions">
<button type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>${words.yes}</button>
<button type="submit" form="op.logoutForm" class="plain">${words.no}</button>
</div>`,
    });
  };
}

export function renderLoggedOut(ctx: KoaContextWithOIDC): void {
  const { lang, signOut: words } = wordsFor(ctx.req);
  answer(ctx, {
    lang,
    title: words.done,
    body: html`<h1>${words.doneHeading}</h1><p>${words.doneLead}</p>`,
  });
}

export function renderProviderError(
  ctx: KoaContextWithOIDC,
  { error, error_description: description }: { error: string; error_description?: string },
): void {
  const { lang, failure: words } = wordsFor(ctx.req);
  // What the standards say of a client's mistake is in English, for those who write the client.
  const mistake = html`<span lang="en">${[error, description].filter(Boolean).join(': ')}</span>`;
  answer(ctx, {
    status: ctx.status,
    lang,
    title: words.title,
    body: html`<h1>${words.title}</h1>
${errorSummary(error === 'server_error' ? words.ours : mistake)}
<p>${words.advice}</p>`,
  });
}

export function answer(ctx: KoaContextWithOIDC, page: Page): void {
  const { status, headers, body } = renderPage(page);
  ctx.status = status;
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value);
  ctx.body = body;
}
