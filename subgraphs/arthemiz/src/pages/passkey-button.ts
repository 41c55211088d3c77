// A button that uses a passkey. It is part of a form, which it fills in and sends; the script shows it.
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { type Html, html } from './html.ts';
import type { Words } from './words/words.ts';

export type PasskeyButton = { name: string; words: Words } & (
  | { kind: 'create'; options: PublicKeyCredentialCreationOptionsJSON }
  | { kind: 'get'; options: PublicKeyCredentialRequestOptionsJSON }
);

export function passkeyButton({ name, words, kind, options }: PasskeyButton): Html {
  return html`<input type="hidden" name="credential" value="">
<div class="error" role="alert" data-passkey-failure hidden>${words.passkeyUnused}</div>
<button type="button" class="plain" data-passkey="${kind}" data-options="${JSON.stringify(options)}" hidden>${name}</button>`;
}
