// Standings in Redis. Each is signed together with its place: other services write to the same Redis, and none of them
// may give somebody permissions, nor pass one subject's off as another's.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { inTime } from '@supergraph/chassis/deadline';
import { z } from 'zod';
import type { Arthemiz } from '../context.ts';
import type { Subject } from '../grants/changes.ts';
import type { AccessMetrics } from './metrics.ts';

/** Whose standing it is, at which number of changes: what lies there never changes. */
export interface StandingPlace extends Subject {
  version: number;
}

export interface KeptStanding {
  roles: string[];
  permissions: string[];
}

export interface StandingCache {
  /** Those that are there, by `nameOf`. Never fails: while Redis is away there are none. */
  read(places: readonly StandingPlace[]): Promise<ReadonlyMap<string, KeptStanding>>;
  /** Goes on by itself; what could not be kept is read again. */
  keep(standings: readonly { place: StandingPlace; standing: KeptStanding }[]): void;
}

/** Nobody asks for an old number any more, and a tenant's quiet hour is no reason to keep it in memory. */
const keepSeconds = 600;
/** Longer than that MongoDB takes itself. */
const patienceMs = 100;

const keptShape = z.object({ roles: z.array(z.string()), permissions: z.array(z.string()) });

/** Names a subject among those of one answer. */
export const nameOf = ({ tenantId, subject }: Subject): string => `${tenantId} ${subject}`;

export function createStandingCache(
  { config, redis }: Pick<Arthemiz, 'config' | 'redis'>,
  { lookUps }: Pick<AccessMetrics, 'lookUps'>,
): StandingCache {
  const key = Buffer.from(hkdfSync('sha256', config.KEY_ENCRYPTION_KEY, '', 'arthemiz standings', 32));
  const addressOf = ({ tenantId, version, subject }: StandingPlace) =>
    `${config.NAMESPACE}:arthemiz:standing:${tenantId}:${version}:${subject}`;
  const signatureOf = (address: string, text: string) =>
    createHmac('sha256', key).update(`${address}\n${text}`).digest();

  function sealed(address: string, { roles, permissions }: KeptStanding): string {
    const text = JSON.stringify({ roles, permissions });
    return `${signatureOf(address, text).toString('base64url')}.${text}`;
  }

  function opened(address: string, value: string | null | undefined): KeptStanding | undefined {
    if (value === null || value === undefined) return undefined;
    const dot = value.indexOf('.');
    const text = value.slice(dot + 1);
    const given = Buffer.from(value.slice(0, Math.max(dot, 0)), 'base64url');
    const expected = signatureOf(address, text);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return keptShape.parse(JSON.parse(text));
  }

  return {
    async read(places) {
      if (places.length === 0) return new Map();
      const addresses = places.map(addressOf);
      const otherwise = () => undefined;
      const values = await inTime(redis.mget(addresses), { deadlineMs: patienceMs, otherwise }).catch(
        otherwise,
      );
      if (values === undefined) {
        lookUps.inc({ outcome: 'away' }, places.length);
        return new Map();
      }
      const found = new Map<string, KeptStanding>();
      for (const [index, place] of places.entries()) {
        const standing = opened(addresses[index] ?? '', values[index]);
        lookUps.inc({ outcome: standing === undefined ? 'missing' : 'found' });
        if (standing !== undefined) found.set(nameOf(place), standing);
      }
      return found;
    },
    keep(standings) {
      if (standings.length === 0) return;
      const pipeline = redis.pipeline();
      for (const { place, standing } of standings) {
        const address = addressOf(place);
        pipeline.set(address, sealed(address, standing), 'EX', keepSeconds);
      }
      pipeline.exec().catch(() => undefined);
    },
  };
}
