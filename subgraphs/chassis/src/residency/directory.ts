// In which region each tenant lives, as it is stored: in the subgraph's own home database, which is the one place that
// decides. Each change counts the directory's version up, so that those who follow it see what is new.
import mongoose, { type Connection } from 'mongoose';
import { movePhases, type Residence } from './rules.ts';

export const residencesName = 'residences';

const moveSchema = new mongoose.Schema(
  {
    sequence: { type: Number, required: true },
    from: { type: String, required: true },
    to: { type: String, required: true },
    phase: { type: String, enum: movePhases, required: true },
    failures: { type: Number, required: true },
    error: { type: String, default: null },
  },
  { _id: false },
);

const residenceSchema = new mongoose.Schema(
  {
    _id: { type: String, required: true },
    region: { type: String, required: true },
    version: { type: Number, required: true },
    move: { type: moveSchema, default: null },
    ended: {
      type: new mongoose.Schema(
        { sequence: { type: Number, required: true }, error: { type: String, default: null } },
        { _id: false },
      ),
      default: null,
    },
  },
  { versionKey: false },
);
// What changed since a version.
residenceSchema.index({ version: 1 });
// What moves.
residenceSchema.index(
  { 'move.phase': 1 },
  { partialFilterExpression: { 'move.phase': { $type: 'string' } } },
);

const versionSchema = new mongoose.Schema(
  { _id: { type: String, required: true }, value: { type: Number, required: true } },
  { versionKey: false },
);

const readerSchema = new mongoose.Schema(
  {
    _id: { type: String, required: true },
    /** The version up to which it acts, with nothing under way any more from before. */
    version: { type: Number, required: true },
    /** Grows while it lives. */
    beat: { type: Number, required: true },
  },
  { versionKey: false },
);

export interface Reader {
  _id: string;
  version: number;
  beat: number;
}

export interface Directory {
  /** Only in a transaction of the home region. */
  change(residence: Omit<Residence, 'version'>): Promise<void>;
  /** Where nothing is known of a tenant yet, it lives here from now on. Only in a transaction of the home region. */
  settle(tenantIds: readonly string[], region: string): Promise<void>;
  /** Those of whom nothing is known yet. */
  unsettled(tenantIds: readonly string[]): Promise<string[]>;
  find(tenantId: string): Promise<Residence | null>;
  moving(): Promise<Residence[]>;
  changedSince(version: number): Promise<{ version: number; residences: Residence[] }>;
  readers(): Promise<Reader[]>;
  report(reader: Reader): Promise<void>;
  forget(readerId: string): Promise<void>;
}

export function openDirectory(connection: Connection): Directory {
  const residences = connection.model('ChassisResidence', residenceSchema, residencesName);
  const versions = connection.model('ChassisResidenceVersion', versionSchema, 'residence_versions');
  const readers = connection.model('ChassisResidenceReader', readerSchema, 'residence_readers');

  // Whoever changes the directory counts first, so that versions become visible in their order.
  const nextVersion = async () => {
    const counted = await versions
      .findOneAndUpdate(
        { _id: 'directory' },
        { $inc: { value: 1 } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean();
    return counted.value;
  };
  return {
    async change({ _id, ...residence }) {
      const version = await nextVersion();
      await residences.updateOne({ _id }, { $set: { ...residence, version } }, { upsert: true });
    },
    async settle(tenantIds, region) {
      const version = await nextVersion();
      await residences.bulkWrite(
        tenantIds.map((_id) => ({
          updateOne: {
            filter: { _id },
            update: { $setOnInsert: { region, version, move: null, ended: null } },
            upsert: true,
          },
        })),
      );
    },
    async unsettled(tenantIds) {
      const settled = await residences.distinct('_id', { _id: { $in: [...tenantIds] } });
      const known = new Set<unknown>(settled);
      return tenantIds.filter((id) => !known.has(id));
    },
    find: (tenantId) => residences.findOne({ _id: tenantId }).lean<Residence>(),
    moving: () =>
      residences
        .find({ 'move.phase': { $type: 'string' } })
        .sort({ _id: 1 })
        .limit(100)
        .lean<Residence[]>(),
    async changedSince(version) {
      const present = (await versions.findOne({ _id: 'directory' }).lean())?.value ?? 0;
      if (present === version) return { version, residences: [] };
      // Also what was changed since the version was read: it is seen again then, which does no harm.
      return {
        version: present,
        residences: await residences.find({ version: { $gt: version } }).lean<Residence[]>(),
      };
    },
    readers: () => readers.find().lean<Reader[]>(),
    async report({ _id, ...reader }) {
      await readers.updateOne({ _id }, { $set: reader }, { upsert: true });
    },
    async forget(_id) {
      await readers.deleteOne({ _id });
    },
  };
}
