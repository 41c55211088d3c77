// Pages on which a person lets a device in: its code, whether it is theirs, and done (RFC 8628, 3.3).
import type { Client, errors, KoaContextWithOIDC } from 'oidc-provider';
import { Html, html } from './html.ts';
import { errorSummary } from './layout.ts';
import { answer } from './provider-pages.ts';
import { type Words, wordsFor } from './words/words.ts';

/** Asks for the code that the device shows; again when the one before did not do. */
export function renderUserCodeInput(
  ctx: KoaContextWithOIDC,
  form: string,
  out?: { error: string },
  error?: errors.OIDCProviderError | Error,
): void {
  const words = wordsFor(ctx.req);
  const { device } = words.arriving;
  const problem = error === undefined ? null : explain(device, { name: error.name, code: out?.error });
  answer(ctx, {
    lang: words.lang,
    status: problem === null || error?.name === 'AbortedError' ? 200 : statusOf(ctx),
    title: problem === null ? device.title : words.error(device.title),
    body: html`<h1>${device.title}</h1>
${problem === null ? null : errorSummary(problem)}
<form method="post" action="${ctx.oidc.urlFor('code_verification')}">
<input type="hidden" name="xsrf" value="${secretOf(form)}">
<label for="user_code">${device.code}</label>
<input id="user_code" name="user_code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="20" required autofocus>
<div class="actions">
<button type="submit">${words.next}</button>
</div>
</form>`,
  });
}

/** Asks whether the device is the person's own, before anybody signs in for it. */
export function renderDeviceConfirmation(
  ctx: KoaContextWithOIDC,
  form: string,
  client: Client,
  { ipAddress }: Record<string, unknown>,
  userCode: string,
): void {
  const { lang, next, cancel, arriving } = wordsFor(ctx.req);
  const { device } = arriving;
  answer(ctx, {
    lang,
    title: device.yours,
    body: html`<h1>${device.yours}</h1>
<p>${device.asks(client.clientName ?? client.clientId)}</p>
<p><strong>${userCode}</strong></p>
<p class="quiet">${typeof ipAddress === 'string' ? device.from(ipAddress) : device.fromUnknown} ${device.warning}</p>
${new Html(form)}
<div class="actions">
<button type="submit" form="op.deviceConfirmForm">${next}</button>
<button type="submit" form="op.deviceConfirmForm" name="abort" value="yes" class="plain">${cancel}</button>
</div>`,
  });
}

export function renderDeviceDone(ctx: KoaContextWithOIDC): void {
  const { lang, arriving } = wordsFor(ctx.req);
  const { done, doneHeading, doneLead } = arriving.device;
  answer(ctx, {
    lang,
    title: done,
    body: html`<h1>${doneHeading}</h1><p>${doneLead}</p>`,
  });
}

/** The provider's own form is fixed but for this token; its field has no label and asks for a script. */
function secretOf(form: string): string {
  return form.match(/name="xsrf" value="([\w-]+)"/)?.[1] ?? '';
}

function statusOf({ status }: KoaContextWithOIDC): number {
  return status === 200 || status === 404 ? 400 : status;
}

function explain(
  { problems, ours, other }: Words['arriving']['device'],
  { name, code }: { name: string; code: string | undefined },
): string {
  const known = Object.entries(problems).find(([problem]) => problem === name);
  if (known !== undefined) return known[1];
  return code === 'server_error' || code === undefined ? ours : other;
}
