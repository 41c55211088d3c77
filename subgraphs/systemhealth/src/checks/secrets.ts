// What a check keeps encrypted: a target with user name and password, and the values of headers.
import { seal, unseal } from '@supergraph/chassis/sealing';
import { z } from 'zod';
import type { SystemHealth } from '../context.ts';

const secrets = z.object({
  /** The whole target where it holds a user name or password. */
  target: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
});

export type CheckSecrets = z.infer<typeof secrets>;

export const noSecrets: CheckSecrets = { target: null, headers: {} };

export function isSecret({ target, headers }: CheckSecrets): boolean {
  return target !== null || Object.keys(headers).length > 0;
}

/** Null where there is nothing to keep. @throws where this installation has no key to keep it with. */
export function sealSecrets(service: SystemHealth, given: CheckSecrets, checkId: string): string | null {
  if (!isSecret(given)) return null;
  return seal(JSON.stringify(given), belonging(service, checkId));
}

/** @throws where the key is away or another one */
export function openSecrets(
  service: SystemHealth,
  { _id, sealed }: { _id: string; sealed?: string | null | undefined },
): CheckSecrets {
  if (!sealed) return noSecrets;
  return secrets.parse(JSON.parse(unseal(sealed, belonging(service, _id))));
}

function belonging({ config }: SystemHealth, checkId: string) {
  const encryptionKey = config.KEY_ENCRYPTION_KEY;
  if (encryptionKey === undefined)
    throw new Error(`The secrets of check ${checkId} need KEY_ENCRYPTION_KEY, which is not set.`);
  return { encryptionKey, belongsTo: `check:${checkId}` };
}
