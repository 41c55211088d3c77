import { EmptyState } from '../design/EmptyState.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { useText } from '../language/language.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import { ResponseTable } from './ResponseTable.tsx';
import { ResponseChangesDocument, ResponsesPageDocument } from './responses.generated.ts';
import { withResponses } from './rules.ts';

/** What is done about findings, and what waits for somebody's word, as it happens. */
export function ResponsesPage() {
  const { responses: text } = useText();
  const view = useLive({
    present: ResponsesPageDocument,
    asked: {},
    changes: ResponseChangesDocument,
    followed: {},
    state: ([page]) => page?.responses?.nodes ?? [],
    apply: withResponses,
  });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <Live view={view}>
        {(responses) =>
          responses.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <ResponseTable caption={text.caption} responses={responses} />
          )
        }
      </Live>
    </>
  );
}
