// Which of these pages somebody asked for before they signed in. The provider keeps it meanwhile and the browser carries it,
// so it is sealed: a link may be in it, of which nothing but a digest is stored, and nobody else can write one.

import { seal, unseal } from '@supergraph/chassis/sealing';
import type { Config } from '../../config.ts';

type Key = Pick<Config, 'KEY_ENCRYPTION_KEY'>;

export function sealPlace(config: Key, place: string): string {
  return seal(place, sealing(config));
}

/** Null for what was not sealed here. */
export function openPlace(config: Key, sealed: string | null): string | null {
  try {
    return sealed === null ? null : unseal(sealed, sealing(config));
  } catch {
    return null;
  }
}

function sealing({ KEY_ENCRYPTION_KEY: encryptionKey }: Key) {
  return { encryptionKey, belongsTo: 'account-page' };
}
