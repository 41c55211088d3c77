// A button that uses a passkey. It is part of a form, which it fills in and sends; the script shows it.
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { type Html, html } from './html.ts';

export type PasskeyButton = { name: string } & (
  | { kind: 'create'; options: PublicKeyCredentialCreationOptionsJSON }
  | { kind: 'get'; options: PublicKeyCredentialRequestOptionsJSON }
);

export function passkeyButton({ name, kind, options }: PasskeyButton): Html {
  return html`<input type="hidden" name="credential" value="">
<div class="error" role="alert" data-passkey-failure hidden>The passkey was not used. Try again, or go on without it.</div>
<button type="button" class="plain" data-passkey="${kind}" data-options="${JSON.stringify(options)}" hidden>${name}</button>`;
}
