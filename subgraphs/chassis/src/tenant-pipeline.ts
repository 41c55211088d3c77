// Aggregations can look into other collections and write to them. Only stages known to stay inside one tenant
// pass; those that reach a sibling collection are bound there too.

import { TenancyError } from './tenancy.ts';
import { asDocument, type Document, type TenantBinding } from './tenant-binding.ts';

const innerStages = new Set([
  '$addFields',
  '$bucket',
  '$bucketAuto',
  '$count',
  '$densify',
  '$fill',
  '$group',
  '$limit',
  '$match',
  '$project',
  '$redact',
  '$replaceRoot',
  '$replaceWith',
  '$sample',
  '$set',
  '$setWindowFields',
  '$skip',
  '$sort',
  '$sortByCount',
  '$unset',
  '$unwind',
]);

/** The pipeline over this tenant's documents only. */
export function bindAggregate(pipeline: unknown, binding: TenantBinding): Document[] {
  return [{ $match: { [binding.tenantPath]: binding.tenantId } }, ...bindPipeline(pipeline, binding)];
}

/**
 * Binds every stage that reads another collection.
 * @throws TenancyError for stages that write elsewhere or read what has no owner.
 */
export function bindPipeline(pipeline: unknown, binding: TenantBinding): Document[] {
  if (!Array.isArray(pipeline)) throw new TenancyError('Expected an array as pipeline.');
  return pipeline.map((stage: unknown) => {
    const entries = Object.entries(asDocument(stage, 'pipeline stage'));
    const [name, body] = entries[0] ?? [];
    if (entries.length !== 1 || name === undefined) {
      throw new TenancyError('A pipeline stage has exactly one operator.');
    }
    return { [name]: bindStage(name, body, binding) };
  });
}

function bindStage(name: string, body: unknown, binding: TenantBinding): unknown {
  if (innerStages.has(name)) return body;
  switch (name) {
    case '$facet':
      return Object.fromEntries(
        Object.entries(asDocument(body, name)).map(([facet, inner]) => [facet, bindPipeline(inner, binding)]),
      );
    case '$lookup':
      return bindLookup(asDocument(body, name), binding);
    case '$unionWith':
      return bindUnion(typeof body === 'string' ? { coll: body } : asDocument(body, name), binding);
    case '$graphLookup': {
      const lookup = asDocument(body, name);
      const match = ownerMatch(lookup.from, binding);
      return { ...lookup, restrictSearchWithMatch: { $and: [match, lookup.restrictSearchWithMatch ?? {}] } };
    }
    default:
      throw new TenancyError(`The stage ${name} is not open to tenant-bound aggregations.`);
  }
}

function bindLookup(lookup: Document, binding: TenantBinding): Document {
  // Without `from` a lookup reads $documents made on the spot, which no product needs.
  const match = ownerMatch(lookup.from, binding);
  return { ...lookup, pipeline: [{ $match: match }, ...bindPipeline(lookup.pipeline ?? [], binding)] };
}

function bindUnion(union: Document, binding: TenantBinding): Document {
  const match = ownerMatch(union.coll, binding);
  return { ...union, pipeline: [{ $match: match }, ...bindPipeline(union.pipeline ?? [], binding)] };
}

function ownerMatch(collection: unknown, { tenantId, owners }: TenantBinding): Document {
  const path = typeof collection === 'string' ? owners.get(collection) : undefined;
  if (path === undefined) {
    throw new TenancyError('A tenant-bound aggregation may only join collections that have a model.');
  }
  return path === null ? {} : { [path]: tenantId };
}
