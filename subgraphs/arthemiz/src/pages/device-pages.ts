// Pages on which a person lets a device in: its code, whether it is theirs, and done (RFC 8628, 3.3).
import type { Client, errors, KoaContextWithOIDC } from 'oidc-provider';
import { Html, html } from './html.ts';
import { errorSummary } from './layout.ts';
import { answer } from './provider-pages.ts';

/** Asks for the code that the device shows; again when the one before did not do. */
export function renderUserCodeInput(
  ctx: KoaContextWithOIDC,
  form: string,
  out?: { error: string },
  error?: errors.OIDCProviderError | Error,
): void {
  const problem = error === undefined ? null : explain(error.name, out?.error);
  answer(ctx, {
    status: problem === null || error?.name === 'AbortedError' ? 200 : statusOf(ctx),
    title: problem === null ? 'Connect a device' : 'Error: Connect a device',
    body: html`<h1>Connect a device</h1>
${problem === null ? null : errorSummary(problem)}
<form method="post" action="${ctx.oidc.urlFor('code_verification')}">
<input type="hidden" name="xsrf" value="${secretOf(form)}">
<label for="user_code">Code that your device shows</label>
<input id="user_code" name="user_code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="20" required autofocus>
<div class="actions">
<button type="submit">Continue</button>
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
  answer(ctx, {
    title: 'Is this your device?',
    body: html`<h1>Is this your device?</h1>
<p>${client.clientName ?? client.clientId} asks to act in your name, on a device that shows the code</p>
<p><strong>${userCode}</strong></p>
<p class="quiet">It asked from the address ${typeof ipAddress === 'string' ? ipAddress : 'that nobody knows'}. Continue only if you see this code on a device of your own. Nobody else has a reason to send you one.</p>
${new Html(form)}
<div class="actions">
<button type="submit" form="op.deviceConfirmForm">Continue</button>
<button type="submit" form="op.deviceConfirmForm" name="abort" value="yes" class="plain">Cancel</button>
</div>`,
  });
}

export function renderDeviceDone(ctx: KoaContextWithOIDC): void {
  answer(ctx, {
    title: 'Device connected',
    body: html`<h1>Your device is connected</h1><p>Go back to it. You can close this page.</p>`,
  });
}

/** The provider's own form is fixed but for this token; its field has no label and asks for a script. */
function secretOf(form: string): string {
  return form.match(/name="xsrf" value="([\w-]+)"/)?.[1] ?? '';
}

function statusOf({ status }: KoaContextWithOIDC): number {
  return status === 200 || status === 404 ? 400 : status;
}

function explain(name: string, code: string | undefined): string {
  switch (name) {
    case 'NoCodeError':
      return 'Enter the code that your device shows.';
    case 'NotFoundError':
      return 'No device shows this code. Check it and try again.';
    case 'ExpiredError':
      return 'This code has expired. Let your device show a new one.';
    case 'AlreadyUsedError':
      return 'This code was used already. Let your device show a new one.';
    case 'AbortedError':
      return 'You cancelled. The device gets no access.';
    default:
      return code === 'server_error' || code === undefined
        ? 'Something went wrong on our side. Try again.'
        : 'This did not work. Enter the code again, or let your device show a new one.';
  }
}
