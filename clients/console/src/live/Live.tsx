import type { ReactNode } from 'react';
import { CombinedError } from 'urql';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useText } from '../language/language.ts';
import { explainFailure, type Failure } from '../platform/failures.ts';
import { Fresh } from './Fresh.tsx';
import type { LiveView } from './useLive.ts';

export interface LiveProps<State> {
  view: LiveView<State>;
  children: (state: State) => ReactNode;
}

/** What is followed, with how fresh it is; before it is there that it is on its way, or why it is not. */
export function Live<State>({ view, children }: LiveProps<State>) {
  const text = useText();
  const { state, error, freshness, again } = view;
  return (
    <>
      <Fresh freshness={freshness} />
      {error !== undefined && (
        <Notice tone="bad">
          <p>{explainFailure(asFailure(error), text)}</p>
          <Button onClick={again}>{text.failure.again}</Button>
        </Notice>
      )}
      {state === undefined
        ? error === undefined && <p className="waiting">{text.waiting.loading}</p>
        : children(state)}
    </>
  );
}

/** The gateway's refusal of a subscription is a list of errors; all else is of the connection. */
function asFailure(error: unknown): Failure {
  if (Array.isArray(error)) return { graphQLErrors: error };
  if (error instanceof CombinedError) return error;
  return { networkError: error instanceof Error ? error : new Error('the connection was lost') };
}
