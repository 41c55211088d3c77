// A query as a component sees it.
import { useEffect, useMemo, useState } from 'react';
import { type AnyVariables, type CombinedError, type TypedDocumentNode, useQuery } from 'urql';

export interface Question<Data> {
  /** What is known, also while it is asked for again or where that failed. */
  data: Data | undefined;
  error: CombinedError | undefined;
  isAsking: boolean;
  /** Asks the platform again. */
  ask(): void;
}

export interface QuestionOptions<Data, Variables> {
  variables: Variables;
  /** Types whose changes change the answer, also when it has none of them yet. */
  of: readonly string[];
  /** Whether to ask at all: not what the person may not see, which would be noted as a denial. Default true. */
  isAsked?: boolean;
  /** How long after an answer to ask again, for what no subscription tells; null for not at all. */
  everyMs?: (data: Data) => number | null;
}

export function useQuestion<Data, Variables extends Record<string, unknown>>(
  query: TypedDocumentNode<Data, Variables>,
  { variables, of, isAsked = true, everyMs }: QuestionOptions<Data, Variables>,
): Question<Data> {
  const types = of.join();
  const context = useMemo(() => ({ additionalTypenames: types.split(',') }), [types]);
  const [{ data, error, fetching, stale }, execute] = useQuery<Data, AnyVariables>({
    query,
    variables,
    context,
    pause: !isAsked,
  });
  const asked = JSON.stringify(variables);
  const [known, setKnown] = useState<{ asked: string; data: Data } | null>(null);
  if (data !== undefined && data !== known?.data) setKnown({ asked, data });
  const waitMs = (data !== undefined && everyMs?.(data)) || null;
  useEffect(() => {
    if (waitMs === null || fetching || stale) return;
    const timer = setTimeout(() => execute({ requestPolicy: 'network-only' }), waitMs);
    return () => clearTimeout(timer);
  }, [waitMs, fetching, stale, execute]);
  return {
    data: data ?? (known?.asked === asked ? known.data : undefined),
    error,
    isAsking: fetching || stale,
    ask: () => execute({ requestPolicy: 'network-only' }),
  };
}
