import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { ResponseTable } from './ResponseTable.tsx';
import { ResponsesPageDocument } from './responses.generated.ts';

/** How often it asks again: no subscription tells of responses. */
const everyMs = 5_000;

/** What is done about findings, and what waits for somebody's word. */
export function ResponsesPage() {
  const { responses: text } = useText();
  const question = useQuestion(ResponsesPageDocument, {
    variables: {},
    of: ['Response'],
    everyMs: () => everyMs,
  });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <Loaded question={question}>
        {({ responses }) =>
          !responses || responses.nodes.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <ResponseTable caption={text.caption} responses={responses.nodes} />
          )
        }
      </Loaded>
    </>
  );
}
