// The issuer's public keys (RFC 7517). Once loaded they outlive an issuer that is down: a restart of
// arthemiz must not sign everybody out.
import type { Logger } from '@supergraph/chassis/logging';
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { fetch } from 'undici';
import { z } from 'zod';

export interface SigningKeysOptions {
  /** Where the issuer publishes its keys. */
  url: string;
  logger: Logger;
  /** How often rotated keys are looked for; unknown key ids are looked up at once. Default 5 minutes. */
  refreshMs?: number;
  /** How long keys are trusted that could not be refreshed. Default 12 hours. */
  maximumAgeMs?: number;
  /** Shortest pause between look-ups for unknown key ids. Default 5 seconds. */
  cooldownMs?: number;
  /** How long the issuer may take to answer. Default 5 seconds. */
  timeoutMs?: number;
}

export interface SigningKeys {
  /** Finds the key of a token. @throws SigningKeysUnavailable or jose's errors for tokens that no key fits. */
  find: JWTVerifyGetKey;
  /** Whether tokens can be verified right now, asking the issuer when no key is known. */
  areAvailable(): Promise<boolean>;
  stop(): void;
}

/** Nothing can be said of a token: the issuer cannot be asked for its keys. */
export class SigningKeysUnavailable extends Error {
  override readonly name = 'SigningKeysUnavailable';
}

export function loadSigningKeys(options: SigningKeysOptions): SigningKeys {
  const { url, logger, refreshMs = 300_000, maximumAgeMs = 43_200_000 } = options;
  const { cooldownMs = 5_000, timeoutMs = 5_000 } = options;
  const remote = createRemoteJWKSet(new URL(url), {
    // Age is handled here, because an old key is better than none while the issuer is down.
    cacheMaxAge: Number.POSITIVE_INFINITY,
    cooldownDuration: cooldownMs,
    timeoutDuration: timeoutMs,
    [customFetch]: async (address, { headers, signal }) => {
      const response = await fetch(address, { headers: [...headers], redirect: 'manual', signal });
      const keys = await response.text();
      if (response.ok && areKeys(keys)) loadedAt = Date.now();
      return new Response(keys, { status: response.status });
    },
  });
  let loadedAt = 0;

  const refresh = () =>
    remote
      .reload()
      .catch((error: unknown) => logger.warn({ err: error }, 'signing keys could not be refreshed'));
  const timer = setInterval(refresh, refreshMs).unref();
  void refresh();

  const areKnown = () => remote.jwks() !== undefined && Date.now() - loadedAt < maximumAgeMs;
  return {
    async find(header, token) {
      try {
        if (!areKnown()) await remote.reload();
        return await remote(header, token);
      } catch (error) {
        if (isAboutToken(error)) throw error;
        throw new SigningKeysUnavailable('The signing keys cannot be loaded.', { cause: error });
      }
    },
    async areAvailable() {
      if (!areKnown()) await remote.reload().catch(() => undefined);
      return areKnown();
    },
    stop: () => clearInterval(timer),
  };
}

// jose refuses the rest, and then the keys from before are as old as they were.
const keySet = z.object({ keys: z.array(z.looseObject({})) });

function areKeys(text: string): boolean {
  try {
    return keySet.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
