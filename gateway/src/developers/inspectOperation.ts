// What a developer learns of an operation without running it.
import { visit } from 'graphql';
import type { Supergraph } from '../execution/supergraph.ts';
import type { PreparedOperation } from '../operations.ts';
import { type LocatedDenial, locateDenials } from './locateDenials.ts';
import { type PlanTree, planTree } from './planTree.ts';

export interface OperationReport {
  operation: { type: 'query' | 'mutation' | 'subscription'; name: string | null };
  /** How what the viewer may see of it is fetched; null where no subgraph is asked. */
  plan: PlanTree | null;
  /** The fields that the viewer may not see: they are neither planned nor fetched. */
  denied: LocatedDenial[];
  /** Of what the viewer may see, if all pages were full. */
  cost: { estimated: number; maximum: number };
}

export interface InspectionOptions {
  supergraph: Pick<Supergraph, 'schema' | 'policy'>;
  /** Most that one operation may cost. */
  maximumCost: number;
}

export function inspectOperation(
  { request, authorized, compiled, estimatedCost }: PreparedOperation,
  { supergraph: { schema, policy }, maximumCost }: InspectionOptions,
): OperationReport {
  const { document, operation } = request;
  const responseKeys = new Set<string>();
  visit(document, { Field: ({ alias, name }) => void responseKeys.add((alias ?? name).value) });
  return {
    operation: { type: operation.operation, name: operation.name?.value ?? null },
    plan: compiled.plan ? planTree({ plan: compiled.plan, schema, responseKeys }) : null,
    denied: locateDenials({ schema, policy, authorized, operationName: operation.name?.value ?? null }),
    cost: { estimated: estimatedCost, maximum: maximumCost },
  };
}
