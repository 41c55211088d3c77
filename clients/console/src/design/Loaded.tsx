import type { ReactNode } from 'react';
import { useText } from '../language/language.ts';
import { explainFailure } from '../platform/failures.ts';
import type { Question } from '../platform/question.ts';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

export interface LoadedProps<Data> {
  question: Question<Data>;
  children: (data: Data) => ReactNode;
}

/** What was asked, once it is there; until then that it is on its way, or why it is not and what to do. */
export function Loaded<Data>({ question, children }: LoadedProps<Data>) {
  const text = useText();
  const { data, error, isAsking, ask } = question;
  return (
    <>
      {error && (
        <Notice tone="bad">
          <p>{explainFailure(error, text)}</p>
          <Button onClick={ask}>{text.failure.again}</Button>
        </Notice>
      )}
      {data === undefined ? (
        isAsking && <p className="waiting">{text.waiting.loading}</p>
      ) : (
        <div aria-busy={isAsking} className="form">
          {children(data)}
        </div>
      )}
    </>
  );
}
