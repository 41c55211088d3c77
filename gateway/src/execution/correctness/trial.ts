// One experiment after another: operations, data and failures of a seed, and what an executor makes of them.
import { type DocumentNode, print } from 'graphql';
import { answerOf, type Experiment, monolithAnswerOf } from './comparison.ts';
import { type RunOperation, runWithMendedApollo } from './executors.ts';
import type { FaultKind } from './faults.ts';
import type { LoadedCase } from './federatedCase.ts';
import { complaint } from './judgement.ts';
import { generateOperation } from './operationGenerator.ts';
import { shrink } from './shrink.ts';

export const faultKinds: readonly FaultKind[] = ['none', 'fields', 'entities', 'subgraphs'];

export interface Trial {
  run: RunOperation;
  loaded: LoadedCase;
  /** Names operation, data and failures. */
  seed: string;
  faults: FaultKind;
}

/** What is wrong, with the smallest operation that shows it; undefined when nothing is. */
export async function tryOut({ run, loaded, seed, faults }: Trial): Promise<string | undefined> {
  const { schema } = loaded.supergraph;
  const { document, variables } = generateOperation(schema, seed);
  const judge = async (smaller: DocumentNode): Promise<string | undefined> => {
    const experiment: Experiment = {
      loaded,
      seed,
      faults,
      document: smaller,
      operationName: undefined,
      variables,
    };
    const apollo = await attempted(answerOf(runWithMendedApollo, experiment));
    // What cannot be planned cannot be executed, by nobody.
    if (apollo === undefined) return undefined;
    const [ours, monolith] = [await answerOf(run, experiment), await monolithAnswerOf(experiment)];
    return complaint({ loaded, document: smaller, faults, ours, apollo, monolith });
  };
  if ((await judge(document)) === undefined) return undefined;
  const smallest = await shrink(schema, document, async (smaller) => (await judge(smaller)) !== undefined);
  const found = await judge(smallest);
  return `${loaded.definition.name}, seed ${seed}, failures: ${faults}\n${print(smallest)}\nvariables ${JSON.stringify(variables)}\n${found}`;
}

async function attempted<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch {
    return undefined;
  }
}
