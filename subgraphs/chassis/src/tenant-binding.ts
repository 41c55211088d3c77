// How one tenant's id is bound into what goes to MongoDB. Pure: data in, data out, or a TenancyError.

import { TenancyError } from './tenancy.ts';
import { bindPipeline } from './tenant-pipeline.ts';

export type Document = Record<string, unknown>;
/** For each collection of the service: the path of its tenant id, or null when it is platform-wide. */
export type CollectionOwners = Map<string, string | null>;

export interface TenantBinding {
  tenantId: string;
  tenantPath: string;
  owners: CollectionOwners;
}

/** The filter AND the tenant: whatever the filter says can only narrow. */
export function bindFilter(filter: unknown, { tenantId, tenantPath }: TenantBinding): Document {
  const given = asDocument(filter ?? {}, 'filter');
  // MongoDB refuses an upsert whose filter states one path twice.
  if (given[tenantPath] === tenantId) return given;
  const owner = { [tenantPath]: tenantId };
  return tenantPath in given ? { $and: [owner, given] } : { ...owner, ...given };
}

/** The document with its tenant set. Refuses one that names another tenant. */
export function bindDocument(document: unknown, { tenantId, tenantPath }: TenantBinding): Document {
  const given = asDocument(document, 'document');
  const named = valueAt(given, tenantPath);
  if (named === tenantId) return given;
  if (named !== undefined && named !== null) throw foreign(tenantPath);
  return withValueAt(given, tenantPath, tenantId);
}

/** The update as it was, unless it would change whose the document is. A pipeline is closed with the tenant. */
export function bindUpdate(update: unknown, binding: TenantBinding): Document | Document[] {
  const { tenantId, tenantPath } = binding;
  if (Array.isArray(update)) {
    return [...bindPipeline(update, binding), { $set: { [tenantPath]: { $literal: tenantId } } }];
  }
  const given = asDocument(update, 'update');
  for (const [operator, change] of Object.entries(given)) {
    for (const [path, value] of Object.entries(asDocument(change, operator))) {
      const sets = operator === '$set' || operator === '$setOnInsert';
      const restates = sets && !isBelow(path, tenantPath) && ownerSetBy(path, value, tenantPath) === tenantId;
      if (touches(path, tenantPath) && !restates) throw foreign(tenantPath);
      if (operator === '$rename' && typeof value === 'string' && touches(value, tenantPath)) {
        throw foreign(tenantPath);
      }
    }
  }
  return given;
}

/** Across tenants nothing is added, so a document that is inserted has to say whose it is. */
export function requireOwner(document: unknown, tenantPath: string): void {
  if (!isTenantId(valueAt(asDocument(document, 'document'), tenantPath))) throw unowned(tenantPath);
}

/** Across tenants a document still never changes its owner, and an upsert has to name one. */
export function checkUpdateAcross(
  { filter, update, upserts }: { filter: unknown; update: unknown; upserts: unknown },
  tenantPath: string,
): void {
  if (Array.isArray(update)) {
    throw new TenancyError('An update pipeline across tenants could change owners; use update operators.');
  }
  const given = asDocument(filter ?? {}, 'filter');
  let named = given[tenantPath] ?? valueAt(given, tenantPath);
  for (const [operator, change] of Object.entries(asDocument(update, 'update'))) {
    for (const [path, value] of Object.entries(asDocument(change, operator))) {
      if (operator === '$rename' && typeof value === 'string' && touches(value, tenantPath))
        throw foreign(tenantPath);
      if (!touches(path, tenantPath)) continue;
      if (operator !== '$setOnInsert') throw foreign(tenantPath);
      named = ownerSetBy(path, value, tenantPath);
    }
  }
  if (upserts === true && !isTenantId(named)) throw unowned(tenantPath);
}

function isTenantId(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

export function asDocument(value: unknown, what: string): Document {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TenancyError(`Expected an object as ${what}.`);
  }
  return value as Document; // an object, as just seen
}

function foreign(tenantPath: string): TenancyError {
  return new TenancyError(`${tenantPath} may not name another tenant than the one worked for.`);
}

function unowned(tenantPath: string): TenancyError {
  return new TenancyError(`Work across tenants must name the tenant of what it inserts (${tenantPath}).`);
}

/** True when a change at `path` changes `tenantPath`: the same path, one above it or one below it. */
function touches(path: string, tenantPath: string): boolean {
  return path === tenantPath || isBelow(path, tenantPath) || isBelow(tenantPath, path);
}

function isBelow(path: string, ancestor: string): boolean {
  return path.startsWith(`${ancestor}.`);
}

/** The tenant that results from setting `path` (the tenant's path or one above it) to `value`. */
function ownerSetBy(path: string, value: unknown, tenantPath: string): unknown {
  return path === tenantPath ? value : valueAt(value, tenantPath.slice(path.length + 1));
}

export function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Document)[key] : undefined),
      value,
    );
}

function withValueAt(document: Document, path: string, value: unknown): Document {
  const [head = path, ...rest] = path.split('.');
  if (rest.length === 0) return { ...document, [head]: value };
  return { ...document, [head]: withValueAt(asDocument(document[head] ?? {}, head), rest.join('.'), value) };
}
