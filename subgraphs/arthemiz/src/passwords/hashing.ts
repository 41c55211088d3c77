// Password hashes: Argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane). Each takes tens of milliseconds of
// a core and 19 MiB, so only a few run at a time and the line is bounded.
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, type Options, verify } from '@node-rs/argon2';
import { serviceUnavailable } from '@supergraph/chassis/errors';

const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } satisfies Options;
const currentPrefix = `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$`;

export interface PasswordHasher {
  /** A PHC string of Argon2id. @throws PlatformError SERVICE_UNAVAILABLE when too many wait */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the hash's. Without a hash the same work is done on a decoy, so that nobody learns
   * from the time taken whether an account exists.
   * @throws PlatformError SERVICE_UNAVAILABLE when too many wait
   */
  verify(password: string, hash: string | null): Promise<boolean>;
}

export interface PasswordHasherOptions {
  /** Hashes computed at once. Default: one less than the cores, so that requests are still served. */
  concurrency?: number;
  /** Most sign-ins that wait for their turn. Default 100. */
  maximumWaiting?: number;
}

export function createPasswordHasher(options: PasswordHasherOptions = {}): PasswordHasher {
  const { concurrency = Math.max(1, availableParallelism() - 1), maximumWaiting = 100 } = options;
  const inTurn = createTurns({ concurrency, maximumWaiting });
  const decoy = inTurn(() => hash(randomBytes(32), parameters));
  return {
    hash: (password) => inTurn(() => hash(comparable(password), parameters)),
    async verify(password, known) {
      const hashed = known ?? (await decoy);
      const isRight = await inTurn(() => verify(hashed, comparable(password)));
      return isRight && known !== null;
    },
  };
}

/** Whether a hash was made with other parameters than today's, so that it is worth making anew. */
export function isOutdated(hash: string): boolean {
  return !hash.startsWith(currentPrefix);
}

/** Keyboards compose characters differently (NIST SP 800-63B, 3.1.1.2). */
function comparable(password: string): string {
  return password.normalize('NFKC');
}

function createTurns({ concurrency, maximumWaiting }: { concurrency: number; maximumWaiting: number }) {
  let running = 0;
  const waiting: Array<() => void> = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= concurrency) {
      if (waiting.length >= maximumWaiting) {
        throw serviceUnavailable('Too many people are signing in right now. Try again in a moment.');
      }
      // Whoever finishes hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
