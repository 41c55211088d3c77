// The last gate before the driver. Every mongoose operation, populate and cursors included, ends in a method of
// its model's collection with casting and middleware behind it, so the tenant is bound here, once, for all.
import { type Collection, type Connection, mongo } from 'mongoose';
import type { Residence } from './models.ts';
import { leaveOut, ownersAdded } from './residency/across.ts';
import type { Placement, Region, Stay } from './residency/placement.ts';
import { withinReach } from './residency/reach.ts';
import { currentScope, TenancyError } from './tenancy.ts';
import {
  asDocument,
  bindDocument,
  bindFilter,
  bindUpdate,
  type CollectionOwners,
  checkUpdateAcross,
  type Document,
  requireOwner,
  type TenantBinding,
} from './tenant-binding.ts';
import { bindAggregate, bindPipeline } from './tenant-pipeline.ts';

export type { CollectionOwners } from './tenant-binding.ts';

type Arguments = unknown[];
interface Gate {
  /** Rewrites the arguments for one tenant. */
  bound(given: Arguments, binding: TenantBinding): Arguments;
  /** Checks the arguments of work across tenants. */
  across?(given: Arguments, tenantPath: string): void;
}

const filterFirst: Gate = {
  bound: ([filter, ...rest], binding) => [bindFilter(filter, binding), ...rest],
};
const filterThenUpdate: Gate = {
  bound: ([filter, update, ...rest], binding) => [
    bindFilter(filter, binding),
    bindUpdate(update, binding),
    ...rest,
  ],
  across: ([filter, update, options], path) =>
    checkUpdateAcross({ filter, update, upserts: asDocument(options ?? {}, 'options').upsert }, path),
};
const filterThenDocument: Gate = {
  bound: ([filter, document, ...rest], binding) => [
    bindFilter(filter, binding),
    bindDocument(document, binding),
    ...rest,
  ],
  // A replacement could move a document to another tenant unseen.
  across: () => {
    throw replacementAcross();
  },
};

const gates: Record<string, Gate> = {
  find: filterFirst,
  findOne: filterFirst,
  countDocuments: filterFirst,
  deleteOne: filterFirst,
  deleteMany: filterFirst,
  findOneAndDelete: filterFirst,
  distinct: { bound: ([field, filter, ...rest], binding) => [field, bindFilter(filter, binding), ...rest] },
  updateOne: filterThenUpdate,
  updateMany: filterThenUpdate,
  findOneAndUpdate: filterThenUpdate,
  replaceOne: filterThenDocument,
  findOneAndReplace: filterThenDocument,
  aggregate: { bound: ([pipeline, ...rest], binding) => [bindAggregate(pipeline ?? [], binding), ...rest] },
  insertOne: {
    bound: ([document, ...rest], binding) => [bindDocument(document, binding), ...rest],
    across: ([document], path) => requireOwner(document, path),
  },
  insertMany: {
    bound: ([documents, ...rest], binding) => [
      list(documents).map((one) => bindDocument(one, binding)),
      ...rest,
    ],
    across: ([documents], path) => {
      for (const one of list(documents)) requireOwner(one, path);
    },
  },
  bulkWrite: {
    bound: ([operations, ...rest], binding) => [
      list(operations).map((one) => bindOperation(one, binding)),
      ...rest,
    ],
    across: ([operations], path) => {
      for (const one of list(operations)) checkOperation(one, path);
    },
  },
  watch: { bound: ([pipeline, options], binding) => bindWatch(pipeline, options, binding) },
};

/** Methods that shape the collection and show no document. */
const structural = new Set([
  'createIndex',
  'createIndexes',
  'dropIndex',
  'dropIndexes',
  'listIndexes',
  'indexes',
  'indexInformation',
  'indexExists',
  'getIndexes',
  'options',
  'isCapped',
  'createSearchIndex',
  'createSearchIndexes',
  'dropSearchIndex',
  'listSearchIndexes',
  'updateSearchIndex',
]);

/** Methods that change no document; the others wait, or are refused, while a tenant moves. */
const readers = new Set([
  'find',
  'findOne',
  'countDocuments',
  'estimatedDocumentCount',
  'distinct',
  'aggregate',
]);

export interface Guarding {
  tenantPath: string;
  owners: CollectionOwners;
  /** Where tenants' data lies in several regions; absent: all of it lies in the collection itself. */
  placement?: Placement | undefined;
  residence: Residence;
}

/** Replaces the data methods of a model's collection by ones that bind the tenant in scope and go to its region. */
export function guardCollection(
  collection: Collection,
  { tenantPath, owners, placement, residence }: Guarding,
): void {
  const methods = new Map<string, Method>();
  for (const name of driverMethods()) {
    const original: unknown = Reflect.get(collection, name);
    if (!isMethod(original) || structural.has(name)) continue;
    const gate = gates[name];
    const go = (given: Arguments) => {
      if (placement === undefined) return original.apply(collection, given);
      if (residence === 'home') return atHome({ collection, name, original }, given);
      return inRegion({ placement, tenantPath, collection, name, original }, given);
    };
    methods.set(name, (...given) => {
      const what = `${collection.name}.${name}`;
      const scope = currentScope();
      if (scope === undefined) throw new TenancyError(`${what} needs a tenant: wrap the work in inTenant.`);
      if (scope.tenantId === undefined) {
        gate?.across?.(given, tenantPath);
        return go(given);
      }
      if (gate === undefined) throw new TenancyError(`${what} cannot be bound to a tenant.`);
      return go(gate.bound(given, { tenantId: scope.tenantId, tenantPath, owners }));
    });
  }
  // The estimate comes from metadata about all tenants together, so one tenant's documents are counted.
  const estimate = methods.get('estimatedDocumentCount');
  const count = methods.get('countDocuments');
  methods.set('estimatedDocumentCount', (options) =>
    currentScope()?.tenantId === undefined ? estimate?.(options) : count?.({}, options),
  );
  for (const [name, value] of methods) {
    Object.defineProperty(collection, name, { value, configurable: true, writable: true });
  }
}

/** Lets what lies at home be read, and not be changed, by transactions of other regions: of what is no tenant's. */
export function guardReach(collection: Collection): void {
  for (const name of driverMethods()) {
    const original: unknown = Reflect.get(collection, name);
    if (!isMethod(original) || structural.has(name)) continue;
    const value = (...given: Arguments) => atHome({ collection, name, original }, given);
    Object.defineProperty(collection, name, { value, configurable: true, writable: true });
  }
}

function atHome(
  { collection, name, original }: Pick<Regional, 'collection' | 'name' | 'original'>,
  given: Arguments,
) {
  return original.apply(collection, withinReach(given, reaching(collection.conn, collection, name)));
}

function reaching(connection: Connection, collection: Collection, name: string) {
  return {
    client: connection.getClient(),
    isRead: readers.has(name),
    what: `${collection.name}.${name}`,
  };
}

interface Regional {
  placement: Placement;
  tenantPath: string;
  /** The collection in the home region. */
  collection: Collection;
  name: string;
  original: Method;
}

/** Calls the method of the same collection in the region where the scope's data lies. */
function inRegion(regional: Regional, given: Arguments): unknown {
  const { placement, name } = regional;
  if (name === 'watch')
    throw new TenancyError('What is watched in one region cannot follow a tenant that moves.');
  const stay = placement.enter(readers.has(name) ? 'read' : 'write');
  try {
    const { region } = stay;
    const bound = currentScope()?.tenantId === undefined ? acrossRegion(regional, region, given) : given;
    const reached = withinReach(bound, reaching(region.connection, regional.collection, name));
    return untilOver(methodIn(regional, region)(...reached), stay);
  } catch (error) {
    stay.leave();
    throw error;
  }
}

function acrossRegion(
  { placement, name, tenantPath }: Regional,
  region: Region,
  given: Arguments,
): Arguments {
  for (const owner of ownersAdded(name, given, tenantPath)) placement.demandResident(String(owner), region);
  return leaveOut(name, given, {
    tenantPath,
    tenantIds: placement.absentFrom(region, readers.has(name) ? 'read' : 'write'),
  });
}

function methodIn({ placement, collection, name, original }: Regional, region: Region): Method {
  if (region === placement.home) return original.bind(collection);
  const target = region.connection.collection(collection.name);
  const method: unknown = Reflect.get(target, name);
  if (!isMethod(method)) throw new TenancyError(`${collection.name}.${name} is not there in another region.`);
  return method.bind(target);
}

/** A promise is over when it settles, a cursor when it is closed. */
function untilOver(result: unknown, { leave }: Stay): unknown {
  if (result instanceof Promise) return result.finally(leave);
  if (result instanceof mongo.AbstractCursor) result.once('close', leave);
  else leave();
  return result;
}

/** Closes what a connection itself does to any collection, around its models. */
export function guardConnection(connection: Connection): void {
  const watch = connection.watch.bind(connection);
  const guarded = {
    bulkWrite() {
      throw new TenancyError(
        'connection.bulkWrite cannot be bound to a tenant: use the bulkWrite of a model.',
      );
    },
    watch(...given: Parameters<Connection['watch']>) {
      const scope = currentScope();
      if (scope === undefined || scope.tenantId !== undefined)
        throw new TenancyError('connection.watch cannot be bound to a tenant: watch a model.');
      return watch(...given);
    },
  };
  for (const [name, value] of Object.entries(guarded)) {
    Object.defineProperty(connection, name, { value, configurable: true, writable: true });
  }
}

type Method = (...given: Arguments) => unknown;

function isMethod(value: unknown): value is Method {
  return typeof value === 'function';
}

/** Asked of the driver, so that a method of a later version is guarded before anyone knows it. */
function driverMethods(): string[] {
  const { prototype } = mongo.Collection;
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([name, { value }]) => name !== 'constructor' && isMethod(value))
    .map(([name]) => name);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** One operation of a bulkWrite, e.g. `{ updateOne: { filter, update, upsert } }`. */
function bindOperation(operation: unknown, binding: TenantBinding): Document {
  return mapOperation(operation, (kind, body) => {
    if (kind === 'insertOne') return { ...body, document: bindDocument(body.document, binding) };
    const filter = bindFilter(body.filter, binding);
    if (kind === 'deleteOne' || kind === 'deleteMany') return { ...body, filter };
    if (kind === 'replaceOne')
      return { ...body, filter, replacement: bindDocument(body.replacement, binding) };
    return { ...body, filter, update: bindUpdate(body.update, binding) };
  });
}

function checkOperation(operation: unknown, tenantPath: string): void {
  mapOperation(operation, (kind, body) => {
    if (kind === 'insertOne') requireOwner(body.document, tenantPath);
    if (kind === 'replaceOne') throw replacementAcross();
    if (kind === 'updateOne' || kind === 'updateMany') {
      checkUpdateAcross({ filter: body.filter, update: body.update, upserts: body.upsert }, tenantPath);
    }
    return body;
  });
}

const bulkKinds = new Set(['insertOne', 'updateOne', 'updateMany', 'replaceOne', 'deleteOne', 'deleteMany']);

function mapOperation(operation: unknown, change: (kind: string, body: Document) => Document): Document {
  const entries = Object.entries(asDocument(operation, 'bulkWrite operation'));
  const [kind, body] = entries[0] ?? [];
  if (entries.length !== 1 || kind === undefined || !bulkKinds.has(kind)) {
    throw new TenancyError('A bulkWrite operation is exactly one of insert, update, replace or delete.');
  }
  return { [kind]: change(kind, asDocument(body, kind)) };
}

function bindWatch(pipeline: unknown, options: unknown, binding: TenantBinding): Arguments {
  // A change carries its owner in the full document alone. Deletions carry none, so a tenant does not see them.
  const own = { $match: { [`fullDocument.${binding.tenantPath}`]: binding.tenantId } };
  return [
    [own, ...bindPipeline(pipeline ?? [], binding)],
    { ...asDocument(options ?? {}, 'options'), fullDocument: 'updateLookup' },
  ];
}

function replacementAcross(): TenancyError {
  return new TenancyError('A replacement across tenants could move a document; update its fields instead.');
}
