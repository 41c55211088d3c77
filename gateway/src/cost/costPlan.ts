// What one operation costs: before it runs by what it asks for, afterwards by what was returned. Made once per
// document and set of permissions, of the part that the viewer may see: what is denied costs nothing, and nothing that
// is told of costs gives it away.
import type { CostDirectives } from '@supergraph/chassis/cost-directives';
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
} from 'graphql';
import { fragmentsIn } from '../fragments.ts';
import { unconditional } from './conditions.ts';
import { createPages } from './pages.ts';
import { returnedCost } from './returnedCost.ts';
import { type CostedSelection, createCostedSelections, TooManyFields } from './selections.ts';
import { evaluate, sum, type Term, type Variables } from './terms.ts';

export interface CostPlan {
  /**
   * The most that the operation costs, if all pages were full: an object 1 and a value 0 unless the schema says
   * otherwise (`@cost`), lists as long as their arguments or the schema say (`@listSize`), a change 10 on top. At least
   * one for fifty values without fields.
   */
  estimate(variables: Variables): number;
  /**
   * What an answer's data cost by the same weights: objects and values that are there, and fields that were asked. What
   * the errors have left away costs what was estimated for it.
   */
  returned(data: unknown, variables: Variables, errors: readonly GraphQLFormattedError[]): number;
  /** The error for a page that is too large, or below one item; undefined where all are well. */
  refusePages(variables: Variables): GraphQLError | undefined;
  /** The costed tree, for whoever counts while it shapes an answer. */
  selection: CostedSelection;
}

export interface CostPlanOptions {
  schema: GraphQLSchema;
  directives: CostDirectives;
  /** The permitted part of a valid document; null where nothing of it is. */
  document: DocumentNode | null;
  operationName: string | undefined;
}

/** What each change of a mutation costs beside what it returns. */
const changeCost = 10;
const nothing: CostedSelection = { fields: [], cost: 0, values: 0 };
/** Values cost nothing, until an object is asked for so many that they are the work: one field by hundreds of aliases. */
const valuesOfOne = 50;

export function createCostPlan({ schema, directives, document, operationName }: CostPlanOptions): CostPlan {
  const pages = createPages();
  const operation = document && getOperationAST(document, operationName);
  const root = operation ? schema.getRootType(operation.operation) : undefined;
  if (!document || !operation || !root) return planOf(nothing, { changes: 0, pages });
  const fragments = fragmentsIn(document);
  const selections = createCostedSelections({ schema, fragments, directives, onPaged: pages.add });
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  try {
    const sets = [{ set: operation.selectionSet, conditions: unconditional }];
    const selection = selections.selection(root, sets);
    return planOf(selection, { changes: isMutation ? selection.fields.length : 0, pages });
  } catch (error) {
    if (error instanceof TooManyFields) return planOf({ ...nothing, cost: beyondAll }, { changes: 0, pages });
    throw error;
  }
}

/** Stands for more than can be counted; still a number in JSON. */
const beyondAll = Number.MAX_SAFE_INTEGER;

function planOf(
  selection: CostedSelection,
  { changes, pages }: { changes: number; pages: ReturnType<typeof createPages> },
): CostPlan {
  const base = changeCost * changes;
  const total: Term = sum([base, selection.cost]);
  const ofValues = (variables: Variables) => Math.floor(evaluate(selection.values, variables) / valuesOfOne);
  return {
    estimate: (variables) => Math.min(Math.max(evaluate(total, variables), ofValues(variables)), beyondAll),
    returned(data, variables, errors) {
      const returned = base + returnedCost(selection, { data, variables, errors });
      // Values are not counted again: as many objects as there are fewer than estimated, as many values.
      const estimated = evaluate(total, variables);
      const byValues = ofValues(variables);
      if (byValues <= estimated) return returned;
      return estimated === 0 ? byValues : Math.ceil((returned / estimated) * byValues);
    },
    refusePages: pages.refuse,
    selection,
  };
}
