// The keys of this issuer, as stored and as in use. Every copy reads the same schedule and so signs with the same
// key, publishes the same set, and rotates at most once.
import { isDuplicateKey } from '@supergraph/chassis/database';
import { seal, unseal } from '@supergraph/chassis/sealing';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';
import type { Arthemiz } from '../context.ts';
import { dueKey, type KeySchedule, keyStates } from './rules.ts';

const privateKey = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});

/** A private EC key as JWK, with its id. */
export interface SigningKey extends z.infer<typeof privateKey> {
  kid: string;
  alg: 'ES256';
  use: 'sig';
}

/** The keys in use at one moment. */
export interface KeySet {
  /** The key that signs. */
  readonly signing: SigningKey;
  /** All keys whose public parts are published; the one that signs comes first. */
  readonly published: readonly SigningKey[];
  /** Equal for equal sets. */
  readonly version: string;
}

export interface KeyRing {
  /** The keys in use. @throws before the first refresh */
  current(): KeySet;
  /** Makes the key that is due, drops those that nobody needs, and reads the schedule anew. */
  refresh(): Promise<KeySet>;
  /**
   * Adds a successor to the key that is the newest here, and returns the id of the newest then: of one that another
   * copy added meanwhile, where it was first. For a suspected leak: the fewer the milliseconds ahead, the sooner it
   * signs, and the more likely that a verifier has to fetch the key set again.
   */
  rotate(options: { aheadMs: number }): Promise<string>;
}

export function createKeyRing({
  models,
  config,
  logger,
}: Pick<Arthemiz, 'models' | 'config' | 'logger'>): KeyRing {
  const { SigningKey } = models;
  const encryptionKey = config.KEY_ENCRYPTION_KEY;
  let inUse: KeySet | undefined;
  /** Place in the schedule of the newest key that was read. */
  let newestHere = 0;
  const sealing = (keyId: string) => ({ encryptionKey, belongsTo: `signing-key:${keyId}` });
  // Decrypting is needed once per key and process.
  const opened = new Map<string, SigningKey>();

  const readAll = () => SigningKey.find().sort({ sequence: 1 }).lean();
  type Stored = Awaited<ReturnType<typeof readAll>>[number];

  function open({ _id, sealedPrivateKey }: Stored): SigningKey {
    const known = opened.get(_id);
    if (known !== undefined) return known;
    const jwk = privateKey.parse(JSON.parse(unseal(sealedPrivateKey, sealing(_id))));
    const key: SigningKey = { ...jwk, kid: _id, alg: 'ES256', use: 'sig' };
    opened.set(_id, key);
    return key;
  }

  /** Stores a key for this place of the schedule. Returns its id, or null when another copy was first. */
  async function add(schedule: KeySchedule): Promise<string | null> {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const keyId = await calculateJwkThumbprint(await exportJWK(pair.publicKey));
    const secret = JSON.stringify(privateKey.parse(await exportJWK(pair.privateKey)));
    try {
      await SigningKey.create([
        {
          _id: keyId,
          ...schedule,
          sealedPrivateKey: seal(secret, sealing(keyId)),
          createdAt: new Date(),
        },
      ]);
    } catch (error) {
      if (isDuplicateKey(error)) return null;
      throw error;
    }
    logger.info({ kid: keyId, ...schedule }, 'signing key added');
    return keyId;
  }

  async function refresh(): Promise<KeySet> {
    let keys = await readAll();
    const due = dueKey(keys, new Date());
    if (due !== null) {
      await add(due);
      keys = await readAll();
    }
    newestHere = keys.at(-1)?.sequence ?? 0;
    const now = new Date();
    const states = keyStates(keys, now);
    const expired = keys.filter((_, index) => states[index] === 'expired').map(({ _id }) => _id);
    if (expired.length > 0) {
      await SigningKey.deleteMany({ _id: { $in: expired } });
      for (const id of expired) opened.delete(id);
      logger.info({ kids: expired }, 'signing keys whose tokens have all expired are gone');
    }
    const active = keys.find((_, index) => states[index] === 'active') ?? keys.at(0);
    if (active === undefined) throw new Error('There is no signing key.');
    const others = keys.filter((key, index) => key !== active && states[index] !== 'expired');
    const published = [active, ...others].map(open);
    inUse = { signing: open(active), published, version: published.map(({ kid }) => kid).join(' ') };
    return inUse;
  }

  return {
    refresh,
    current() {
      if (inUse === undefined) throw new Error('The signing keys have not been read yet.');
      return inUse;
    },
    async rotate({ aheadMs }) {
      const sequence = newestHere + 1;
      const added = await add({ sequence, activeFrom: new Date(Date.now() + aheadMs) });
      await refresh();
      const id = added ?? (await SigningKey.findOne({ sequence }).lean())?._id;
      if (id === undefined) throw new Error('The signing key that another copy added is gone already.');
      return id;
    },
  };
}
