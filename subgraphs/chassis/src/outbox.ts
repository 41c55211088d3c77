// Events that were committed and wait to be published. The relay (outbox-relay.ts) empties it.
import mongoose, { type Connection } from 'mongoose';
import type { CloudEvent } from './events.ts';

export interface OutboxEntry {
  /** The event's id: a UUIDv7, so that the order of ids is the order of emission. */
  _id: string;
  event: CloudEvent;
  createdAt: Date;
  /** Null until the broker has confirmed it. */
  publishedAt: Date | null;
  /** Failed attempts to publish it. */
  attempts: number;
}

export interface Outbox {
  readonly entries: mongoose.Model<OutboxEntry>;
  /** Inserts the events, in the running transaction where there is one. */
  store(events: readonly CloudEvent[]): Promise<void>;
  /** Tells the relay that something was committed, so that it does not wait for its next look. */
  nudge(): void;
  /** The relay's ear for nudges; one per outbox. */
  onNudge(listener: () => void): void;
}

/** How long published events stay, for people who look into what happened. */
const keepPublishedSeconds = 3 * 24 * 60 * 60;

const entrySchema = new mongoose.Schema<OutboxEntry>(
  {
    _id: { type: String, required: true },
    event: { type: mongoose.Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true },
    publishedAt: { type: Date, default: null },
    attempts: { type: Number, default: 0 },
  },
  { versionKey: false, strict: 'throw', minimize: false },
);
// The relay's look at what waits, oldest first.
entrySchema.index({ publishedAt: 1, _id: 1 });
// Published events go after a while; null is not a date, so those that wait stay.
entrySchema.index({ publishedAt: -1 }, { expireAfterSeconds: keepPublishedSeconds });

/** Not a tenant's model: it holds all tenants' events, and only the chassis reads it. */
export function createOutbox(connection: Connection): Outbox {
  const entries = connection.model<OutboxEntry>('ChassisOutbox', entrySchema, 'outbox');
  let listener: () => void = () => undefined;
  return {
    entries,
    async store(events) {
      const createdAt = new Date();
      await entries.insertMany(events.map((event) => ({ _id: event.id, event, createdAt })));
    },
    nudge: () => listener(),
    onNudge(given) {
      listener = given;
    },
  };
}
