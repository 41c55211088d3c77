// For tests only: one platform for all the cases of a suite. A suite is a file `….test.ts` that imports files
// `….cases.ts` and stops the platform after them; starting one for each would take most of the tests' time.
import { afterAll } from '@jest/globals';
import type { GatewayBounds } from '../bounds.ts';
import { type Platform, startPlatform } from './platform.ts';

let started: Promise<Platform> | undefined;

/** The suite's platform, started for the first who asks. Leave it as it was: others use it, too. */
export function sharedPlatform(): Promise<Platform> {
  started ??= startPlatform({ env: { CORS_ORIGINS: JSON.stringify([listedOrigin]) }, bounds });
  return started;
}

/** Pages of this origin may ask its gateway. */
export const listedOrigin = 'https://shop.example.com';

/** So that nobody waits for long, and nothing is found out by chance, by asking now and then. */
const bounds: GatewayBounds = {
  signingKeys: { cooldownMs: 20 },
  grants: { retryMs: 100, pollMs: 100, quietPollMs: 60_000 },
  blocks: { pollMs: 100, quietPollMs: 60_000 },
  webSockets: { limits: { initialisationMs: 2_000 } },
};

/** For the suite, once. */
export function stopSharedPlatform(): void {
  afterAll(async () => (await started)?.stop());
}
