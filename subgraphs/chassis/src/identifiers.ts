import { uuidv7 } from 'uuidv7';

const prefixPattern = /^[a-z]{2,8}$/;

/**
 * A new identifier such as `ten_0190f5c2-a8b0-7c3e-9d41-f7a3b2c1d0e9`: the prefix says what it names, the rest is
 * a UUIDv7, so that identifiers sort by the time of their making without any coordination.
 * @throws RangeError when the prefix is not 2 to 8 lower-case letters.
 */
export function newId(prefix: string): string {
  if (!prefixPattern.test(prefix))
    throw new RangeError(`A prefix is 2 to 8 lower-case letters, not "${prefix}".`);
  return `${prefix}_${uuidv7()}`;
}
