import { homedir } from 'node:os';
import { join } from 'node:path';

/** Downloaded programs of this user, shared by all checkouts. */
export function cacheDir(env: Record<string, string | undefined>): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME ?? homedir(), '.cache'), 'supergraph');
}
