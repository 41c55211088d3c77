// What a page of ours has to get back unchanged from the person it was shown to: sealed, so that nothing of a change
// that was only begun is stored.

import { type SealingContext, seal, unseal } from '@supergraph/chassis/sealing';
import { z } from 'zod';
import type { Arthemiz } from '../context.ts';

const lifetimeMs = 15 * 60_000;
const content = z.object({ value: z.string(), expiresAt: z.number() });

interface Pending {
  personId: string;
  purpose: 'authenticator-app' | 'passkey';
}

export function sealPending(service: Arthemiz, { value, ...pending }: Pending & { value: string }): string {
  return seal(JSON.stringify({ value, expiresAt: Date.now() + lifetimeMs }), sealingOf(service, pending));
}

/** Null for what was changed, is another person's or has expired. */
export function openPending(
  service: Arthemiz,
  { text, ...pending }: Pending & { text: string },
): string | null {
  try {
    const { value, expiresAt } = content.parse(JSON.parse(unseal(text, sealingOf(service, pending))));
    return expiresAt > Date.now() ? value : null;
  } catch {
    return null;
  }
}

function sealingOf({ config }: Arthemiz, { personId, purpose }: Pending): SealingContext {
  return { encryptionKey: config.KEY_ENCRYPTION_KEY, belongsTo: `pending-${purpose}:${personId}` };
}
