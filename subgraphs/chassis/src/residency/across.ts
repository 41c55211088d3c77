// Work across tenants in one of several regions: tenants that are moving are left out of what goes to the driver.
import { TenancyError } from '../tenancy.ts';
import { asDocument, type Document, valueAt } from '../tenant-binding.ts';

type Arguments = unknown[];

export interface Leaving {
  tenantPath: string;
  /** Whose documents do not count in this region. */
  tenantIds: readonly string[];
}

const filterFirst = new Set([
  'find',
  'findOne',
  'countDocuments',
  'deleteOne',
  'deleteMany',
  'findOneAndDelete',
  'updateOne',
  'updateMany',
  'findOneAndUpdate',
]);

/** The arguments of a collection's method, so that it passes by these tenants' documents. */
export function leaveOut(method: string, given: Arguments, leaving: Leaving): Arguments {
  if (leaving.tenantIds.length === 0) return given;
  const [first, ...rest] = given;
  if (filterFirst.has(method)) return [others(first, leaving), ...rest];
  switch (method) {
    case 'distinct':
      return [first, others(rest[0], leaving), ...rest.slice(1)];
    case 'aggregate':
      return [[{ $match: others({}, leaving) }, ...(Array.isArray(first) ? first : [])], ...rest];
    case 'bulkWrite':
      return [listOf(first).map((operation) => withOthers(operation, leaving)), ...rest];
    case 'estimatedDocumentCount':
      throw new TenancyError('Documents are not estimated while a tenant moves: count them.');
    default:
      return given;
  }
}

/** The tenants whose documents a method adds. @throws TenancyError for an upsert, whose tenant is known too late */
export function ownersAdded(method: string, given: Arguments, tenantPath: string): unknown[] {
  const [first, , options] = given;
  switch (method) {
    case 'insertOne':
      return [valueAt(first, tenantPath)];
    case 'insertMany':
      return listOf(first).map((document) => valueAt(document, tenantPath));
    case 'bulkWrite':
      return listOf(first).flatMap((operation) =>
        Object.entries(asDocument(operation, 'bulkWrite operation')).flatMap(([kind, body]) => {
          if (valueAt(body, 'upsert') === true) throw upsertAcross();
          return kind === 'insertOne' ? [valueAt(valueAt(body, 'document'), tenantPath)] : [];
        }),
      );
    default:
      if (valueAt(options, 'upsert') === true) throw upsertAcross();
      return [];
  }
}

function withOthers(operation: unknown, leaving: Leaving): Document {
  return Object.fromEntries(
    Object.entries(asDocument(operation, 'bulkWrite operation')).map(([kind, body]) => {
      const given = asDocument(body, kind);
      return [kind, kind === 'insertOne' ? given : { ...given, filter: others(given.filter, leaving) }];
    }),
  );
}

function others(filter: unknown, { tenantPath, tenantIds }: Leaving): Document {
  const elsewhere = { [tenantPath]: { $nin: tenantIds } };
  return { $and: [asDocument(filter ?? {}, 'filter'), elsewhere] };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function upsertAcross(): TenancyError {
  return new TenancyError('Nothing is upserted across tenants in several regions: do it in the tenant.');
}
