// Pages that the provider itself asks for: signing out, and what went wrong.
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Config } from '../config.ts';
import { Html, html } from './html.ts';
import { errorSummary, type Page, renderPage } from './layout.ts';

export function renderLogout({ PUBLIC_ORIGINS }: Pick<Config, 'PUBLIC_ORIGINS'>) {
  return (ctx: KoaContextWithOIDC, form: string): void =>
    answer(ctx, {
      title: 'Sign out?',
      formTargets: PUBLIC_ORIGINS,
      // The provider's own form: fixed but for a random token.
      body: html`<h1>Sign out?</h1>
<p>You will be signed out of every application in this browser.</p>
${new Html(form)}
<div class="actions">
<button type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>
<button type="submit" form="op.logoutForm" class="plain">Stay signed in</button>
</div>`,
    });
}

export function renderLoggedOut(ctx: KoaContextWithOIDC): void {
  answer(ctx, {
    title: 'Signed out',
    body: html`<h1>You are signed out</h1><p>You can close this page.</p>`,
  });
}

export function renderProviderError(
  ctx: KoaContextWithOIDC,
  { error, error_description: description }: { error: string; error_description?: string },
): void {
  const explanation =
    error === 'server_error'
      ? 'Something went wrong on our side.'
      : [error, description].filter(Boolean).join(': ');
  answer(ctx, {
    status: ctx.status,
    title: 'This did not work',
    body: html`<h1>This did not work</h1>
${errorSummary(explanation)}
<p>Go back to the application that you came from and sign in again. If it happens again, tell those who run it.</p>`,
  });
}

export function answer(ctx: KoaContextWithOIDC, page: Page): void {
  const { status, headers, body } = renderPage(page);
  ctx.status = status;
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value);
  ctx.body = body;
}
