// The documents that are taken from clients: valid for the public schema, and within limits that keep one of them from
// holding up everybody else.
import { createDocuments as createAnyDocuments, type Documents } from '@supergraph/chassis/documents';
import { NoFragmentCyclesRule, NoUnusedFragmentsRule } from 'graphql';
import type { Supergraph } from './execution/supergraph.ts';
import { type DeferLimits, deferRules } from './limits/defers.ts';
import { identityAliases } from './limits/identityAliases.ts';
import { longNames } from './limits/longNames.ts';
import { reservedVariables } from './limits/reservedVariables.ts';
import { type SizeLimits, sizeLimits } from './limits/sizeLimits.ts';
import { typenameAliases } from './limits/typenameAliases.ts';
import { unconditionalSubscriptions } from './limits/unconditionalSubscriptions.ts';

/** Most memory for documents that are remembered. */
const cacheBytes = 128 * 1_048_576;

const limits: SizeLimits & DeferLimits = {
  /** Introspection as tools send it takes 14. */
  depth: 20,
  fields: 2_000,
  roots: 100,
  aliases: 200,
  // A place has each directive once, by GraphQL's own rules.
  directives: 500,
  changes: 20,
  repetitions: 100,
  nesting: 30,
  defers: 16,
  deferConditions: 4,
};

/** Letters of a name: longer than tools make them. */
const longestName = 200;

export function createDocuments(
  supergraph: Pick<Supergraph, 'schema' | 'supergraphSchema' | 'identityNames'>,
): Documents {
  const { schema, supergraphSchema, identityNames } = supergraph;
  return createAnyDocuments({
    schema,
    cacheBytes,
    // Some of the specified rules take long for large operations. Cyclic and unused fragments are measured by nobody.
    firstRules: [
      NoFragmentCyclesRule,
      NoUnusedFragmentsRule,
      longNames(longestName),
      sizeLimits(limits),
      deferRules(limits),
      unconditionalSubscriptions,
      typenameAliases,
      reservedVariables,
      identityAliases(supergraphSchema, identityNames),
    ],
  });
}
