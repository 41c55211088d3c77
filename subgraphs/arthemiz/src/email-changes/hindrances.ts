import type { Arthemiz } from '../context.ts';
import { requiredConnectionFor } from '../sso/realm.ts';

/** `kept`: their organization has the address they have sign in by its provider alone. `given`: the same of the new one. */
export type Hindrance = 'kept' | 'given';

/**
 * Why an address can't become another one; null where nothing is in the way. For the addresses of a domain whose tenant
 * requires its own provider, that provider alone speaks, and no mail does. This holds for a domain and tells nothing of
 * who has an address there.
 */
export async function hindranceOf(
  service: Arthemiz,
  { from, to }: { from: string; to: string },
): Promise<Hindrance | null> {
  if (from === to) return null;
  if ((await requiredConnectionFor(service, from)) !== null) return 'kept';
  return (await requiredConnectionFor(service, to)) === null ? null : 'given';
}
