// Events that arrived and took effect. An event's id is recorded in the transaction of its effect, so that a
// redelivery finds it and changes nothing.
import mongoose, { type Connection } from 'mongoose';
import { isDuplicateKey } from './database.ts';
import type { AnyCloudEvent } from './events.ts';

/** Thrown inside the transaction when the event has taken effect before; the transaction is rolled back. */
export class DuplicateEvent extends Error {
  override readonly name = 'DuplicateEvent';
}

export interface Inbox {
  /** Records the event in the running transaction. @throws DuplicateEvent */
  record(event: AnyCloudEvent): Promise<void>;
}

/** How long an event's id is remembered: far longer than any retry, replay excepted. */
const rememberSeconds = 30 * 24 * 60 * 60;

const receiptSchema = new mongoose.Schema(
  {
    /** The event's id. */
    _id: { type: String, required: true },
    type: { type: String, required: true },
    receivedAt: { type: Date, required: true },
  },
  { versionKey: false },
);
receiptSchema.index({ receivedAt: 1 }, { expireAfterSeconds: rememberSeconds });

export function createInbox(connection: Connection): Inbox {
  const receipts = connection.model('ChassisInbox', receiptSchema, 'inbox');
  return {
    async record({ id, type }) {
      try {
        await receipts.create([{ _id: id, type, receivedAt: new Date() }]);
      } catch (error) {
        if (isDuplicateKey(error)) throw new DuplicateEvent(id, { cause: error });
        throw error;
      }
    },
  };
}
