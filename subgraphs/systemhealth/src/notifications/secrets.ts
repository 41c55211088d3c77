// A channel's URL and signing secret: whoever has them can write where the tenant's people read.
import { randomBytes } from 'node:crypto';
import { seal, unseal } from '@supergraph/chassis/sealing';
import { z } from 'zod';
import type { SystemHealth } from '../context.ts';

const secrets = z.object({
  url: z.string(),
  signingSecret: z.string().nullable(),
  /** The one before, which signs too until its end, so that a receiver can change over in its own time. */
  previousSecret: z.object({ secret: z.string(), until: z.number() }).nullish(),
});

export type ChannelSecrets = z.infer<typeof secrets>;

/** How long the secret before signs, too. */
export const overlapMs = 24 * 60 * 60 * 1_000;

export function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** What a message is signed with, the newest first. */
export function secretsAt(
  { signingSecret, previousSecret }: Omit<ChannelSecrets, 'url'>,
  at: Date,
): readonly string[] {
  const previous = previousSecret && at.getTime() < previousSecret.until ? [previousSecret.secret] : [];
  return signingSecret === null ? [] : [signingSecret, ...previous];
}

/** Null where this installation has no key to keep secrets with. */
export function sealSecrets(service: SystemHealth, given: ChannelSecrets, channelId: string): string | null {
  const encryptionKey = service.config.KEY_ENCRYPTION_KEY;
  if (encryptionKey === undefined) return null;
  return seal(JSON.stringify(given), { encryptionKey, belongsTo: `notification-channel:${channelId}` });
}

/** @throws where the key is away or another one */
export function openSecrets(
  service: SystemHealth,
  { _id, sealed }: { _id: string; sealed?: string | null | undefined },
): ChannelSecrets {
  const encryptionKey = service.config.KEY_ENCRYPTION_KEY;
  if (encryptionKey === undefined || !sealed)
    throw new Error(`Channel ${_id} cannot be opened: KEY_ENCRYPTION_KEY is not set.`);
  return secrets.parse(
    JSON.parse(unseal(sealed, { encryptionKey, belongsTo: `notification-channel:${_id}` })),
  );
}
