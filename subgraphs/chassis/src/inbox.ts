// Events that arrived and took effect. An event's id is recorded in the transaction of its effect, so that a
// redelivery finds it and changes nothing.
import mongoose, { type Connection } from 'mongoose';
import { isDuplicateKey, orBeginAnew } from './database.ts';
import type { AnyCloudEvent } from './events.ts';
import type { Residence } from './models.ts';

/** Thrown inside the transaction when the event has taken effect before; the transaction is rolled back. */
export class DuplicateEvent extends Error {
  override readonly name = 'DuplicateEvent';
}

export interface Inbox {
  /**
   * Records the event in the running transaction. One that takes effect at home stays there when its tenant moves.
   * @throws DuplicateEvent
   */
  record(event: AnyCloudEvent, options?: { at?: Residence | undefined }): Promise<void>;
  /** Records events of one tenant, in its region. Returns those that have not taken effect before, each once. */
  recordAll(events: readonly AnyCloudEvent[]): Promise<AnyCloudEvent[]>;
}

/** How long an event's id is remembered: far longer than any retry, replay excepted. */
const rememberSeconds = 30 * 24 * 60 * 60;

const receiptSchema = new mongoose.Schema(
  {
    /** The event's id. */
    _id: { type: String, required: true },
    type: { type: String, required: true },
    /** Whose event it is: the receipt moves with the tenant. None: it stays, or is from before this was kept. */
    tenantId: { type: String },
    receivedAt: { type: Date, required: true },
  },
  { versionKey: false },
);
receiptSchema.index({ receivedAt: 1 }, { expireAfterSeconds: rememberSeconds });

/** Where tenants move: finds what moves along. */
const regionalReceiptSchema = receiptSchema.clone().index({ tenantId: 1 });

export interface InboxOptions {
  /** Whether tenants may move from and to this database. */
  isRegional?: boolean;
}

export function createInbox(connection: Connection, { isRegional = false }: InboxOptions = {}): Inbox {
  const schema = isRegional ? regionalReceiptSchema : receiptSchema;
  const receipts = connection.model('ChassisInbox', schema, 'inbox');
  return {
    async record({ id, type, tenantid }, { at } = {}) {
      const owner = at === 'home' ? {} : { tenantId: tenantid };
      try {
        await receipts.create([{ _id: id, type, ...owner, receivedAt: new Date() }]);
      } catch (error) {
        if (isDuplicateKey(error)) throw new DuplicateEvent(id, { cause: error });
        throw error;
      }
    },
    async recordAll(events) {
      const known = await receipts.find({ _id: { $in: events.map(({ id }) => id) } }, { _id: 1 }).lean();
      const isKnown = new Set(known.map(({ _id }) => _id));
      const fresh = [...new Map(events.map((event) => [event.id, event])).values()].filter(
        ({ id }) => !isKnown.has(id),
      );
      const receivedAt = new Date();
      if (fresh.length > 0) {
        await orBeginAnew(() =>
          receipts.insertMany(
            fresh.map(({ id, type, tenantid }) => ({ _id: id, type, tenantId: tenantid, receivedAt })),
            { lean: true },
          ),
        );
      }
      return fresh;
    },
  };
}
