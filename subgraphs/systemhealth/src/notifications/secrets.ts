// A channel's URL and signing secret: whoever has them can write where the tenant's people read.
import { seal, unseal } from '@supergraph/chassis/sealing';
import { z } from 'zod';
import type { SystemHealth } from '../context.ts';

const secrets = z.object({ url: z.string(), signingSecret: z.string().nullable() });

export type ChannelSecrets = z.infer<typeof secrets>;

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
