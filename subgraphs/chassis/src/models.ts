// Every model says whose data it holds: one tenant's, or the platform's. There is no third way to make one.
import type {
  Connection,
  Default__v,
  HydratedDocument,
  InferSchemaType,
  Model,
  ObtainSchemaGeneric,
  Require_id,
  Schema,
} from 'mongoose';
import type { OfPeople } from './personal-data/declaring.ts';
import type { Placement } from './residency/placement.ts';
import { currentScope } from './tenancy.ts';
import { type CollectionOwners, guardCollection, guardConnection, guardReach } from './tenant-guard.ts';

/** A schema whose documents each belong to one tenant, named at `tenantPath`. */
export interface TenantOwned<S extends Schema = Schema, Path extends string = string> {
  readonly schema: S;
  readonly tenantPath: Path;
  /** Where its documents lie when there are several regions. Default: as the subgraph's definition says. */
  readonly residence?: Residence | undefined;
  /** What an export of the tenant leaves out: it proves or opens something, and would do so to whoever reads it. */
  readonly secret: readonly string[];
  /** What it says about people. */
  readonly people: OfPeople;
}
/** `region`: in that of their tenant. `home`: in the home region, wherever the tenant lives. */
export type Residence = 'region' | 'home';
/** A schema whose documents belong to no single tenant, and why. */
export interface PlatformWide<S extends Schema = Schema> {
  readonly schema: S;
  readonly reason: string;
  /** What a person's copy of what is about them leaves out, for the same reason. */
  readonly secret: readonly string[];
  readonly people: OfPeople;
}
export interface Declared {
  secret?: readonly string[];
  people?: OfPeople;
}
interface Owned extends Declared {
  residence?: Residence;
}
/** A subgraph's models by name, e.g. `{ Check: tenantOwned(checkSchema) }`. */
export type ModelSchemas = Record<string, TenantOwned | PlatformWide>;

/**
 * Binds a schema's models to the tenant in scope: each find, count, aggregate, update, delete, insert and watch
 * sees that tenant's documents only, and throws where there is no scope. Adds the immutable field `path`
 * (default `tenantId`; nested for a time series, e.g. `meta.tenantId`; `_id` where a tenant has one document that is
 * called by it) and an index, unless one starts with it. `secret` names the fields that no export of the tenant shows.
 * `people` says whom it is about, for a person's copy and erasure; `residence` where its documents lie when there are several
 * regions.
 */
export function tenantOwned<S extends Schema>(
  schema: S,
  options?: Owned & { path?: undefined },
): TenantOwned<S, 'tenantId'>;
export function tenantOwned<S extends Schema, Path extends string>(
  schema: S,
  options: Owned & { path: Path },
): TenantOwned<S, Path>;
export function tenantOwned<S extends Schema>(
  schema: S,
  { path = 'tenantId', secret = [], people = {}, residence }: Owned & { path?: string | undefined } = {},
): TenantOwned<S, string> {
  const field = {
    type: String,
    required: true,
    immutable: true,
    // A fresh document shows its tenant before it is saved; the guard decides, whatever stands here.
    default: () => currentScope()?.tenantId,
  };
  // A time series keeps its owner inside the declared meta field, so there the path is set, not added.
  schema.add(nested(path, field));
  return { schema, tenantPath: path, secret, people, residence };
}

/** Marks a schema whose documents are not a tenant's, e.g. people who belong to several. State why. */
export function platformWide<S extends Schema>(
  schema: S,
  reason: string,
  { secret = [], people = {} }: Declared = {},
): PlatformWide<S> {
  if (reason.trim() === '') throw new Error('A platform-wide model needs a reason.');
  return { schema, reason, secret, people };
}

type OwnerField<Path> = Path extends 'tenantId' ? { tenantId: string } : unknown;
type DocumentOf<S extends Schema, Path> = InferSchemaType<S> & OwnerField<Path>;
/** The same type that `connection.model` gives, plus the tenant's field. */
type ModelOf<S extends Schema, Path> = Model<
  DocumentOf<S, Path>,
  ObtainSchemaGeneric<S, 'TQueryHelpers'>,
  ObtainSchemaGeneric<S, 'TInstanceMethods'>,
  ObtainSchemaGeneric<S, 'TVirtuals'>,
  HydratedDocument<
    DocumentOf<S, Path>,
    ObtainSchemaGeneric<S, 'TVirtuals'> & ObtainSchemaGeneric<S, 'TInstanceMethods'>,
    ObtainSchemaGeneric<S, 'TQueryHelpers'>,
    ObtainSchemaGeneric<S, 'TVirtuals'>,
    DocumentOf<S, Path>,
    ObtainSchemaGeneric<S, 'TSchemaOptions'>
  >,
  S,
  Default__v<Require_id<DocumentOf<S, Path>>>
> &
  ObtainSchemaGeneric<S, 'TStaticMethods'>;

/** The typed mongoose models of a subgraph, by the names it gave them. */
export type Models<Schemas extends ModelSchemas> = {
  readonly [Name in keyof Schemas]: Schemas[Name] extends TenantOwned<infer S, infer Path>
    ? ModelOf<S, Path>
    : Schemas[Name] extends PlatformWide<infer S>
      ? ModelOf<S, null>
      : never;
};

/**
 * Compiles the schemas on a connection and guards it and the tenants' collections.
 * @param placement where tenants' data lies in several regions, of which the connection is the home
 */
export function buildModels<Schemas extends ModelSchemas>(
  connection: Connection,
  schemas: Schemas,
  placement?: Placement,
): Models<Schemas> {
  guardConnection(connection);
  for (const region of placement?.regions ?? []) {
    if (region !== placement?.home) compileTenantOwned(region.connection, schemas);
  }
  const owners: CollectionOwners = new Map();
  // What a pipeline joins has to lie in the same database.
  const within: Record<Residence, CollectionOwners> = { home: new Map(), region: new Map() };
  const models: Record<string, unknown> = {};
  for (const [name, owned] of Object.entries(schemas)) {
    const tenantPath = 'tenantPath' in owned ? owned.tenantPath : null;
    if (tenantPath !== null) indexTenant(owned.schema, tenantPath);
    const model = connection.model(name, owned.schema);
    const known = owners.get(model.collection.name);
    if (known !== undefined && known !== tenantPath) {
      throw new Error(`Models of collection ${model.collection.name} disagree about who owns it.`);
    }
    owners.set(model.collection.name, tenantPath);
    const residence = isRegional(owned) ? 'region' : 'home';
    within[residence].set(model.collection.name, tenantPath);
    if (known === undefined) {
      const joined = placement === undefined ? owners : within[residence];
      if (tenantPath !== null)
        guardCollection(model.collection, { tenantPath, owners: joined, placement, residence });
      else if (placement !== undefined) guardReach(model.collection);
    }
    models[name] = model;
  }
  return models as Models<Schemas>; // built from the same keys and schemas just above
}

/** The same models, where those that don't say lie there. */
export function withResidence(schemas: ModelSchemas, residence: Residence): ModelSchemas {
  const entries = Object.entries(schemas).map(([name, owned]) =>
    'tenantPath' in owned ? [name, { ...owned, residence: owned.residence ?? residence }] : [name, owned],
  );
  return Object.fromEntries(entries);
}

/** Whether its documents lie in the region of their tenant, also where that is the home region. */
export function isRegional(owned: TenantOwned | PlatformWide): owned is TenantOwned {
  return 'tenantPath' in owned && owned.residence !== 'home';
}

/** What a further region keeps: the collections of what lies with its tenants, reached by the guard of the home's models. */
function compileTenantOwned(connection: Connection, schemas: ModelSchemas): void {
  guardConnection(connection);
  for (const [name, owned] of Object.entries(schemas)) {
    if (!isRegional(owned)) continue;
    indexTenant(owned.schema, owned.tenantPath);
    connection.model(name, owned.schema);
  }
}

function indexTenant(schema: Schema, path: string): void {
  if (path === '_id') return; // MongoDB has that index
  const leads = schema.indexes().some(([fields]) => Object.keys(fields)[0] === path);
  if (!leads) schema.index({ [path]: 1 });
}

function nested(path: string, leaf: object): Record<string, object> {
  const [head = path, ...rest] = path.split('.');
  return { [head]: rest.length === 0 ? leaf : nested(rest.join('.'), leaf) };
}
