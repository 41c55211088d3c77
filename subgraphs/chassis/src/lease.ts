// A lease on doing something alone, among the copies of a service that share a database.
import { randomUUID } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { isDuplicateKey } from './database.ts';

export interface Lease {
  /** Takes the lease or keeps it. False while another holder's has not run out. */
  hold(): Promise<boolean>;
  /** Lets the next holder in at once. */
  release(): Promise<void>;
}

export interface LeaseOptions {
  connection: Connection;
  name: string;
  /** How long it lasts unless held again. */
  durationMs: number;
}

const leaseSchema = new mongoose.Schema(
  {
    _id: { type: String, required: true },
    owner: { type: String, required: true },
    until: { type: Date, required: true },
  },
  { versionKey: false },
);

/**
 * A holder that is suspended past its lease, or a host whose clock runs ahead, may overlap with the holder
 * before it, so what is done under a lease has to bear being done twice.
 */
export function createLease({ connection, name, durationMs }: LeaseOptions): Lease {
  const leases = leaseModel(connection);
  const owner = randomUUID();
  // Renewed at a third, so that a poll several times a second costs no write each time.
  let renewAt = 0;
  return {
    async hold() {
      if (performance.now() < renewAt) return true;
      const askedAt = performance.now();
      try {
        const now = Date.now();
        await leases.updateOne(
          { _id: name, $or: [{ owner }, { until: { $lt: new Date(now) } }] },
          { $set: { owner, until: new Date(now + durationMs) } },
          { upsert: true },
        );
      } catch (error) {
        // Somebody holds it: the filter matched nothing and the upsert met the holder's document.
        if (isDuplicateKey(error)) return false;
        throw error;
      }
      renewAt = askedAt + durationMs / 3;
      return true;
    },
    async release() {
      renewAt = 0;
      await leases.deleteOne({ _id: name, owner });
    },
  };
}

function leaseModel(connection: Connection) {
  return connection.model('ChassisLease', leaseSchema, 'leases');
}
