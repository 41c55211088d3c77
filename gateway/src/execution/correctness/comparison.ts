// One operation, asked of several; and in what they differ.
import { isDeepStrictEqual } from 'node:util';
import type { DocumentNode } from 'graphql';
import { type Answer, type AnswerError, plain, type RunOperation } from './executors.ts';
import { createFaults, type FaultKind } from './faults.ts';
import type { LoadedCase } from './federatedCase.ts';
import { runMonolith } from './monolith.ts';
import { hash } from './random.ts';
import { type Behind, createSubgraphs } from './subgraphs.ts';
import { createWorld } from './world.ts';

export interface Experiment {
  loaded: LoadedCase;
  seed: string;
  faults: FaultKind;
  document: DocumentNode;
  operationName: string | undefined;
  variables: Record<string, unknown>;
}

/** What another answers, each over a world of its own that nobody has changed yet. */
export function answerOf(run: RunOperation, experiment: Experiment): Promise<Answer> {
  const { loaded, seed, document, operationName, variables } = experiment;
  const subgraphs = createSubgraphs(loaded, behind(experiment));
  const { supergraph } = loaded;
  const overridden = supergraph.overrides.all.filter((label) => hash(`${seed} ${label}`) % 2 === 0);
  return run({ supergraph, document, operationName, variables, subgraphs, overridden });
}

export async function monolithAnswerOf(experiment: Experiment): Promise<Answer> {
  const { data, errors } = await runMonolith(experiment.loaded, behind(experiment), experiment);
  return plain({ data: data ?? null, errors: errors ?? [] });
}

function behind({ loaded, seed, faults }: Experiment): Behind {
  return { world: createWorld(loaded.model, seed), faults: createFaults(faults, seed) };
}

/** The first path at which two values differ, with both; undefined when they are equal in all but order of keys. */
export function differenceOf(ours: unknown, theirs: unknown): string | undefined {
  return isDeepStrictEqual(ours, theirs) ? undefined : differing(ours, theirs, 'data');
}

function differing(ours: unknown, theirs: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(ours, theirs)) return undefined;
  if (typeof ours === 'object' && typeof theirs === 'object' && ours && theirs) {
    for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      const found = differing(Reflect.get(ours, key), Reflect.get(theirs, key), `${path}.${key}`);
      if (found) return found;
    }
  }
  return `${path}: ${JSON.stringify(ours)} instead of ${JSON.stringify(theirs)}`;
}

/**
 * Errors whose path leads elsewhere than to something that is null, or to an object or list that lacks something: a
 * client could not tell what is missing.
 */
export function misplacedErrors({ data, errors }: Answer): readonly AnswerError[] {
  return errors.filter(({ path }) => {
    let value: unknown = data;
    for (const key of path ?? []) {
      if (value === null || value === undefined) return false;
      value = Reflect.get(Object(value), key);
    }
    if (path === undefined || value === null || value === undefined) return false;
    // A list: of each of its items something is missing.
    return !(typeof value === 'object' && JSON.stringify(value).includes('null'));
  });
}
