// The records and checkpoints in a file: one JSON object a line, as this folder writes them, or as MongoDB's Extended JSON,
// in which a tenant's export has them.
import { mongo } from 'mongoose';
import { z } from 'zod';
import type { ChainedRecord } from './chain.ts';

const instant = z.union([z.date().transform((date) => date.toISOString()), z.iso.datetime()]);
const record = z.object({
  tenantId: z.string(),
  sequence: z.number().int().positive(),
  occurredAt: instant,
  action: z.string(),
  eventId: z.string(),
  actorId: z.string().nullable(),
  subjectId: z.string().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** In the order of their sequence. Lines about other things, of which an export has many, are left out. */
export function readTrail(text: string): ChainedRecord[] {
  const records = text.split('\n').flatMap((line): ChainedRecord[] => {
    if (!line.includes('"sequence"') || !line.includes('"hash"')) return [];
    return [record.parse(mongo.BSON.EJSON.parse(line, { relaxed: true }))];
  });
  return records.sort((left, right) => left.sequence - right.sequence);
}

const checkpoint = z.object({ note: z.string(), verifierKey: z.string().nullish() });

export interface StoredNote {
  readonly note: string;
  /** The key that stands beside it; null where none does. */
  readonly verifierKey: string | null;
}

/** The checkpoints' notes: lines of an export or events that have one, or a file that is one. */
export function readNotes(text: string): StoredNote[] {
  if (text.startsWith('supergraph/')) return [{ note: text, verifierKey: null }];
  return text.split('\n').flatMap((line): StoredNote[] => {
    if (!line.includes('"note"') || !line.includes('"verifierKey"')) return [];
    const value: unknown = mongo.BSON.EJSON.parse(line, { relaxed: true });
    const within = typeof value === 'object' && value !== null && 'data' in value ? value.data : value;
    const { note, verifierKey = null } = checkpoint.parse(within);
    return [{ note, verifierKey }];
  });
}
