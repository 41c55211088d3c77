// An access, or a refused one, kept as a fact. An ordinary collection: it is written in the transaction that records
// the event in the inbox, and a time series can neither be written in one nor have a unique index.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import type { Place } from '../geography/rules.ts';
import { type ExternalAccess, securityEventTypes } from './rules.ts';

const text = { type: String, default: null, immutable: true } as const;
const instant = { type: Date, required: true, immutable: true } as const;

export const securityEventSchema = new Schema(
  {
    _id: { type: String, default: () => newId('sev') },
    /** The id of the event that told of it. */
    eventId: { type: String, required: true, immutable: true },
    type: { type: String, enum: securityEventTypes, required: true, immutable: true },
    occurredAt: instant,
    receivedAt: instant,
    /** As long as the tenant, or the environment, says: it changes with the word. */
    expiresAt: { type: Date, required: true },
    actorId: text,
    clientId: text,
    targetId: text,
    email: text,
    ipAddress: text,
    /** Where the address was when it was stored, as far as that was known; absent from before places were kept. */
    place: { type: Schema.Types.Mixed, default: null, immutable: true },
    userAgent: text,
    reason: text,
    operationName: text,
    coordinates: { type: [String], required: true, immutable: true },
    requestId: text,
    /** How often it happened; absent from before it was counted. */
    count: { type: Number, default: 1, immutable: true },
    /** What another product told; null for what was seen here. */
    external: { type: Schema.Types.Mixed, default: null, immutable: true },
  },
  { collection: 'security_events', versionKey: false },
);

// A tenant's events, newest first.
securityEventSchema.index({ tenantId: 1, occurredAt: -1, _id: -1 });
// Those of some types.
securityEventSchema.index({ tenantId: 1, type: 1, occurredAt: -1, _id: -1 });
// What one person did.
export const personIndex = { tenantId: 1, actorId: 1, occurredAt: -1, _id: -1 } as const;
securityEventSchema.index(personIndex);
// All that is about one person, in whichever tenant: for their copy of it, and for forgetting them.
securityEventSchema.index({ actorId: 1, _id: 1 });
// One event is stored once, also when it is replayed long after the inbox has forgotten it.
securityEventSchema.index({ tenantId: 1, eventId: 1 }, { unique: true });
// Retention. Each row says when it ends, so that the environment can change it without a migration of the index.
securityEventSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type SecurityEventRow = Omit<InferSchemaType<typeof securityEventSchema>, 'external' | 'place'> & {
  tenantId: string;
  place?: Place | null;
  external?: ExternalAccess | null;
};

/** What a security event's resolvers start from: the stored row, or the push that told of it. */
export type SecurityEventParent = Omit<SecurityEventRow, 'eventId' | 'expiresAt' | 'external'> & {
  external?: Omit<ExternalAccess, 'event'> | null;
};
