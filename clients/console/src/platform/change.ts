// A mutation as a component sees it: done, or refused for reasons in words.
import { useState } from 'react';
import { type AnyVariables, type TypedDocumentNode, useMutation } from 'urql';
import { useText } from '../language/language.ts';
import { explainFailure, explainRefusal } from './failures.ts';

export interface Refusal {
  message: string;
}

/** What every mutation of the platform answers with: expected failures are data. */
export interface Payload {
  readonly [field: string]: unknown;
  /** Absent where nothing is expected to fail. */
  errors?: readonly { __typename: string; message: string }[];
}

export interface Change<Variables, Done> {
  /** @returns what was done; null where it was refused. */
  make(variables: Variables): Promise<Done | null>;
  isRunning: boolean;
  /** Why the last one was refused; empty when it was not. */
  refusals: readonly Refusal[];
}

export interface ChangeOptions {
  /** Types that it changes and that its answer does not have, because what was changed is gone. */
  of?: readonly string[];
}

/** For a document of one mutation. */
export function useChange<Field extends string, Done extends Payload, Variables extends AnyVariables>(
  document: TypedDocumentNode<Record<Field, Done | null>, Variables>,
  { of = [] }: ChangeOptions = {},
): Change<Variables, Done> {
  const text = useText();
  const [{ fetching }, execute] = useMutation(document);
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  return {
    isRunning: fetching,
    refusals,
    async make(variables) {
      setRefusals([]);
      const { data, error } = await execute(variables, { additionalTypenames: [...of] });
      const [payload = null] = data ? Object.values<Done | null>(data) : [];
      if (payload !== null && (payload.errors ?? []).length === 0) return payload;
      const reasons = payload?.errors?.map((refusal) => explainRefusal(refusal, text)) ?? [];
      const messages = reasons.length > 0 ? reasons : [explainFailure(error, text)];
      setRefusals(messages.map((message) => ({ message })));
      return null;
    },
  };
}
