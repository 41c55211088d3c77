// Where an export's documents come from: the models of tenants, one after the other in pages, so that none is held whole.
import type { Connection, Model } from 'mongoose';
import type { ModelSchemas, TenantOwned } from '../models.ts';

export interface ExportInput<S> {
  service: S;
  tenantId: string;
  /** Where the page before ended; null for the first. */
  after: unknown;
  /** Most documents in the page. */
  limit: number;
}

export interface ExportPage {
  documents: readonly object[];
  /** Where the next page begins; null when there is none. */
  next: unknown;
}

/** Documents of one kind of the tenant in scope, in an order that stays. */
export interface ExportSource<S> {
  /** Unique in the subgraph, for example the model's name. */
  readonly name: string;
  /** Fields that are left out. */
  readonly omitted: readonly string[];
  read(input: ExportInput<S>): Promise<ExportPage>;
}

interface Stored {
  _id: unknown;
}

export function exportSources(connection: Connection, models: ModelSchemas): ExportSource<unknown>[] {
  return Object.entries(models).flatMap(([name, owned]) => {
    if (!('tenantPath' in owned)) return [];
    const model = connection.model<Stored>(name);
    const timeField = owned.schema.get('timeseries')?.timeField;
    const read = timeField === undefined ? byId(model, owned) : byTime(model, { ...owned, timeField });
    return [{ name, omitted: owned.secret, read }];
  });
}

type Reader = ExportSource<unknown>['read'];

function byId(model: Model<Stored>, { secret }: TenantOwned): Reader {
  return async ({ after, limit }) => {
    const filter = after === null ? {} : { _id: { $gt: after } };
    const documents = await model.find(filter, withoutFields(secret)).sort({ _id: 1 }).limit(limit).lean();
    const last = documents.length < limit ? undefined : documents.at(-1);
    return { documents, next: last?._id ?? null };
  };
}

/** A time series has no index of ids, and no part in transactions. */
function byTime(model: Model<Stored>, { secret, timeField }: TenantOwned & { timeField: string }): Reader {
  return async ({ after, limit }) => {
    const filter: Record<string, unknown> = isMoment(after) ? laterThan(after, timeField) : {};
    const documents = await model
      .find(filter, withoutFields(secret))
      .sort({ [timeField]: 1, _id: 1 })
      .limit(limit)
      .session(null)
      .lean();
    const last = documents.length < limit ? undefined : documents.at(-1);
    return {
      documents,
      next: last === undefined ? null : { at: Reflect.get(last, timeField), id: last._id },
    };
  };
}

interface Moment {
  at: unknown;
  id: unknown;
}

function isMoment(after: unknown): after is Moment {
  return typeof after === 'object' && after !== null && 'at' in after && 'id' in after;
}

function laterThan({ at, id }: Moment, timeField: string) {
  return { $or: [{ [timeField]: { $gt: at } }, { [timeField]: at, _id: { $gt: id } }] };
}

function withoutFields(secret: readonly string[]): Record<string, 0> {
  return Object.fromEntries(secret.map((path) => [path, 0] as const));
}
