// Public keys as people paste them. Pure.
import type { PublicKeyInput } from './service-clients.generated.ts';

const optionalMembers = ['crv', 'x', 'y', 'n', 'e', 'use', 'alg'] as const;
/** What makes a key a private one (RFC 7518, 6.2.2, 6.3.2): it must not leave its owner. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];

export type PastedKeys =
  | { keys: PublicKeyInput[]; fault?: never }
  | { fault: 'not-keys' | 'private'; keys?: never };

/** A JSON Web Key, a list of them, or a JWK Set (RFC 7517): its public keys, or what is wrong with it. */
export function keysIn(text: string): PastedKeys {
  const given = parse(text);
  const list = Array.isArray(given) ? given : isRecord(given) && 'keys' in given ? given.keys : [given];
  if (!Array.isArray(list) || list.length === 0 || !list.every(isRecord)) return { fault: 'not-keys' };
  if (list.some((key) => privateMembers.some((member) => member in key))) return { fault: 'private' };
  const keys = list.flatMap((key) => {
    const { kid, kty } = key;
    if (typeof kid !== 'string' || typeof kty !== 'string') return [];
    const others = optionalMembers.flatMap((name) => {
      const value = key[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    });
    return [{ kid, kty, ...Object.fromEntries(others) }];
  });
  return keys.length === list.length ? { keys } : { fault: 'not-keys' };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
