// The audit trail's chain: each record carries the hash of the one before it, so that a record that was changed, removed
// or put in is found, and where. Pure; the verifier that works offline uses the same functions.
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** What a record says. */
export interface AuditContent {
  readonly tenantId: string;
  /** From 1 on, without a gap. */
  readonly sequence: number;
  readonly occurredAt: string;
  /** What was done: the type of the event that told of it. */
  readonly action: string;
  readonly eventId: string;
  readonly actorId: string | null;
  readonly subjectId: string | null;
  /** Ids, roles and permissions that it was about. */
  readonly details: Readonly<Record<string, string | readonly string[]>>;
}

export interface ChainedRecord extends AuditContent {
  readonly hash: string;
}

/** What the first record follows. */
export const genesis = '0'.repeat(64);

/** SHA-256 of the hash before it and the record's canonical JSON (RFC 8785). */
export function hashOf(
  previous: string,
  { tenantId, sequence, occurredAt, action, ...rest }: AuditContent,
): string {
  const { eventId, actorId, subjectId, details } = rest;
  const content = { tenantId, sequence, occurredAt, action, eventId, actorId, subjectId, details };
  return createHash('sha256').update(Buffer.from(previous, 'hex')).update(canonical(content)).digest('hex');
}

export interface Fault {
  readonly sequence: number;
  readonly kind: 'changed' | 'missing' | 'put in' | 'of another tenant';
}

/**
 * What is wrong with a tenant's records, oldest first; none when nothing is. After a record that was changed the chain is
 * followed on from the hash that stands there, so that the others are not blamed for it. Where its hash was made anew as
 * well, the record after it is named, which still follows the one that was.
 * @param records in the order of their sequence
 */
export function faultsOf(records: readonly ChainedRecord[]): Fault[] {
  const faults: Fault[] = [];
  let previous = genesis;
  let expected = 1;
  for (const record of records) {
    const { sequence, hash, tenantId } = record;
    if (tenantId !== records[0]?.tenantId) faults.push({ sequence, kind: 'of another tenant' });
    if (sequence < expected) faults.push({ sequence, kind: 'put in' });
    for (let missing = expected; missing < sequence; missing += 1)
      faults.push({ sequence: missing, kind: 'missing' });
    const isAfterGap = sequence > expected;
    // What comes before a gap is not known, so that nothing can be said of the first record after it by its hash.
    if (!isAfterGap && sequence === expected && hashOf(previous, record) !== hash)
      faults.push({ sequence, kind: 'changed' });
    previous = hash;
    expected = Math.max(expected, sequence + 1);
  }
  return faults;
}

function canonical(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('Only what is JSON has a canonical form.');
  return text;
}
