// Whether an answer is right, by what graphql-js and @apollo/gateway make of the same operation and data.
import { type DocumentNode, print, visit } from 'graphql';
import { differenceOf, misplacedErrors } from './comparison.ts';
import type { Answer, AnswerError } from './executors.ts';
import type { FaultKind } from './faults.ts';
import type { LoadedCase } from './federatedCase.ts';

export interface Evidence {
  loaded: LoadedCase;
  document: DocumentNode;
  faults: FaultKind;
  /** The answer in question. */
  ours: Answer;
  apollo: Answer;
  monolith: Answer;
}

/** What is wrong with the answer in question; undefined when it is right. */
export function complaint(evidence: Evidence): string | undefined {
  const { ours } = evidence;
  const { model } = evidence.loaded;
  // What others require fails where nobody asked for it, and what is known in two ways fails in one of them.
  const isToldOnce =
    !model.hasRequirements &&
    !model.hasInterfaceObjects &&
    !model.hasSharedFields &&
    !leavesOut(evidence.document);
  const misplaced = misplacedErrors(ours).find(({ path }) => !model.isKeyField(String(path?.at(-1))));
  if (isToldOnce && misplaced) return `an error is where nothing is missing: ${JSON.stringify(misplaced)}`;
  return evidence.faults === 'none' ? onGoodDay(evidence) : onBadDay(evidence);
}

function onGoodDay({ loaded, document, ours, apollo, monolith }: Evidence): string | undefined {
  const difference = differenceOf(ours.data, monolith.data) ?? outcomeDifference(ours, monolith);
  if (difference === undefined) return undefined;
  const isBeyondExecutors =
    loaded.definition.unlikeMonolith !== undefined ||
    leavesOut(document) ||
    // Conditions reach what a field requires, too: the planner leaves both out, for whoever else needs them.
    (loaded.model.hasRequirements && hasConditions(document));
  const likeApollo = differenceOf(ours.data, apollo.data) ?? errorDifference(ours, apollo);
  return isBeyondExecutors && likeApollo === undefined ? undefined : `unlike one schema: ${difference}`;
}

function onBadDay({ loaded, faults, ours, apollo, monolith }: Evidence): string | undefined {
  if (loaded.definition.apolloIsWrong !== undefined) return undefined;
  // Where two tell of one thing, and one of them failed, ours keeps what the other has told.
  const isKept = loaded.model.hasSharedFields && tellsAsMuch(ours.data, apollo.data);
  const difference = isKept ? undefined : differenceOf(ours.data, apollo.data);
  const isComparable = faults === 'fields' && !loaded.model.hasRequirements;
  if (isComparable && difference !== undefined) {
    const other = differenceOf(ours.data, monolith.data);
    if (other !== undefined) return `unlike one schema: ${other}; unlike Apollo: ${difference}`;
  } else if (difference !== undefined) return `unlike Apollo: ${difference}`;
  if (faults === 'subgraphs') {
    // Apollo says nothing where a subgraph answers null without a reason, and something where a fetch was for nothing.
    const isMissing = JSON.stringify(ours.data).includes('null');
    const isSilent = isMissing && apollo.errors.length > 0 && ours.errors.length === 0;
    return isSilent ? `no errors, unlike Apollo: ${JSON.stringify(apollo.errors)}` : undefined;
  }
  // An interface object is asked for one type's fields of all types, and tells errors of all.
  const isPlaced = isComparable && !loaded.model.hasInterfaceObjects;
  return errorDifference(ours, apollo) ?? (isPlaced ? wrongPlace(ours, monolith) : undefined);
}

function outcomeDifference(ours: Answer, theirs: Answer): string | undefined {
  if (ours.errors.length > 0 === theirs.errors.length > 0) return undefined;
  const named = [...ours.errors, ...theirs.errors].map(({ message }) => message);
  return `${ours.errors.length > 0 ? 'errors' : 'no errors'} instead of the contrary: ${named.join(' · ')}`;
}

/** Subgraphs' errors that one has and the other has not, whatever their order, number and place. */
function errorDifference(ours: Answer, theirs: Answer): string | undefined {
  const [mine, others] = [new Set(ours.errors.map(described)), new Set(theirs.errors.map(described))];
  const surplus = ours.errors.filter((error) => !others.has(described(error)) && !isOfCompletion(error));
  const missing = theirs.errors.filter((error) => !mine.has(described(error)));
  if (surplus.length + missing.length === 0) return undefined;
  return `errors: surplus ${JSON.stringify(surplus)}; missing ${JSON.stringify(missing)}`;
}

/** For what subgraphs broke of their schema, in whatever words. */
function isOfCompletion({ extensions }: AnswerError): boolean {
  return extensions?.code === 'INTERNAL_SERVER_ERROR';
}

/** The first error that one schema has, too, but elsewhere. */
function wrongPlace(ours: Answer, monolith: Answer): string | undefined {
  for (const error of ours.errors) {
    const same = monolith.errors.filter(({ message }) => message === error.message);
    const here = String(error.path);
    if (same.length > 0 && !same.some(({ path }) => String(path) === here) && !isBelowNull(error, monolith))
      return `an error at ${here}, not at ${same.map(({ path }) => String(path)).join(' or ')}: ${error.message}`;
  }
  return undefined;
}

/** graphql-js forgets errors below what is null already. */
function isBelowNull({ path }: AnswerError, { data }: Answer): boolean {
  let value: unknown = data;
  for (const key of path?.slice(0, -1) ?? []) {
    if (value === null) return true;
    value = Reflect.get(Object(value), key);
  }
  return value === null;
}

function described({ message, extensions }: AnswerError): string {
  return `${message} (${String(extensions?.code ?? 'no code')})`;
}

function hasConditions(document: DocumentNode): boolean {
  let isConditional = false;
  visit(document, {
    Directive: ({ name }) => {
      isConditional ||= name.value === 'skip' || name.value === 'include';
    },
  });
  return isConditional;
}

/** Whether it is written into the operation that something is left out: the planner may then leave out too much. */
function leavesOut(document: DocumentNode): boolean {
  return /@include\(if: false\)|@skip\(if: true\)/.test(print(document));
}

/** Whether everything that is told by `theirs` is told by `ours` as well. */
function tellsAsMuch(ours: unknown, theirs: unknown): boolean {
  if (theirs === null) return true;
  if (typeof theirs !== 'object' || typeof ours !== 'object' || ours === null) return ours === theirs;
  const keys = Object.keys(ours);
  return (
    keys.length === Object.keys(theirs).length &&
    keys.every((key) => tellsAsMuch(Reflect.get(ours, key), Reflect.get(theirs, key)))
  );
}
