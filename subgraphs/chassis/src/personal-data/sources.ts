// Where a person's data comes from: the models that say that they are about people, one after the other in pages, in each
// region where tenants' data lies.
import type { Connection, Model } from 'mongoose';
import type { ExportPage } from '../export/sources.ts';
import type { ModelSchemas, PlatformWide, TenantOwned } from '../models.ts';
import type { RegionOfService } from '../service.ts';
import { acrossTenants } from '../tenancy.ts';

export interface PersonalInput<S> {
  service: S;
  personId: string;
  /** Where the page before ended; null for the first. */
  after: unknown;
  /** Most documents in the page. */
  limit: number;
}

/** Documents of one kind that are about a person, in an order that stays. */
export interface PersonalSource<S> {
  /** What they are, for example the model's name. */
  readonly model: string;
  /** Fields that are left out. */
  readonly omitted: readonly string[];
  read(input: PersonalInput<S>): Promise<ExportPage>;
}

export interface Stored {
  _id: unknown;
}

interface OwnData {
  connection: Connection;
  regions: readonly Pick<RegionOfService, 'name'>[];
}

/** One for each model that is about people, and for each region where documents of it lie. */
export function personalSources(
  { connection, regions }: OwnData,
  models: ModelSchemas,
): PersonalSource<unknown>[] {
  return Object.entries(models).flatMap(([model, owned]) => {
    if (aboutWhom(owned).length === 0) return [];
    if (owned.schema.get('timeseries') !== undefined)
      throw new Error(`${model} is a time series, of which no single documents are read or erased.`);
    const stored = connection.model<Stored>(model);
    return regionsOf(owned, regions).map((region) => ({
      ...{ model, omitted: owned.secret },
      read: ({ personId, after, limit }) => readPage(stored, { owned, region, personId, after, limit }),
    }));
  });
}

export function aboutWhom({ people }: TenantOwned | PlatformWide): readonly string[] {
  return people.about ?? [];
}

/** What is the platform's lies at home, which is the first. */
export function regionsOf(
  owned: TenantOwned | PlatformWide,
  regions: readonly Pick<RegionOfService, 'name'>[],
): string[] {
  const names = regions.map(({ name }) => name);
  return 'tenantPath' in owned ? names : names.slice(0, 1);
}

/** The documents that are about them. */
export function aboutPerson(owned: TenantOwned | PlatformWide, personId: string): Record<string, unknown> {
  return { $or: aboutWhom(owned).map((path) => ({ [path]: personId })) };
}

interface PageOfModel extends Omit<PersonalInput<unknown>, 'service'> {
  owned: TenantOwned | PlatformWide;
  region: string;
}

async function readPage(
  model: Model<Stored>,
  { owned, region, personId, after, limit }: PageOfModel,
): Promise<ExportPage> {
  const whose = aboutPerson(owned, personId);
  const filter = after === null ? whose : { ...whose, _id: { $gt: after } };
  const hidden = owned.secret.filter((path) => path !== '_id');
  const documents = await acrossTenants(
    'a person has a copy of what is kept about them in all tenants',
    () =>
      model
        .find(filter, Object.fromEntries(hidden.map((path) => [path, 0] as const)))
        .sort({ _id: 1 })
        .limit(limit)
        .lean(),
    { region },
  );
  const next = documents.length < limit ? null : (documents.at(-1)?._id ?? null);
  if (!owned.secret.includes('_id')) return { documents, next };
  return { documents: documents.map(({ _id, ...shown }) => shown), next };
}
