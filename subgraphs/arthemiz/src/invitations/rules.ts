// What an invitation is at a moment, and how many there may be.
import { z } from 'zod';
import { typedEmailAddress } from '../people/rules.ts';

const daySeconds = 86_400;

/** How long a link can be followed. */
export const invitationSeconds = 7 * daySeconds;
export const keptAfterExpirySeconds = 30 * daySeconds;

/** Most that one tenant has open. */
export const maximumOpen = 1_000;
/** Most mails to one address in a day: who does not want to join is not to be pestered. */
export const maximumPerAddressAndDay = 5;

const id = z.string().min(1, 'must not be empty').max(100, 'is longer than 100 characters');

export const newInvitationInput = z.object({
  email: typedEmailAddress,
  roleIds: z
    .array(id)
    .max(50, 'has more than 50 entries')
    .transform((given) => [...new Set(given)].sort()),
});

export const revokedInvitationInput = z.object({ id });

export type InvitationState = 'OPEN' | 'ACCEPTED' | 'REVOKED' | 'EXPIRED';

export function stateOf(
  { isOpen, acceptedBy, expiresAt }: { isOpen: boolean; acceptedBy?: string | null; expiresAt: Date },
  now: Date,
): InvitationState {
  if (acceptedBy) return 'ACCEPTED';
  if (!isOpen) return 'REVOKED';
  return expiresAt <= now ? 'EXPIRED' : 'OPEN';
}
