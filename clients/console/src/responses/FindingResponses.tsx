import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Section } from '../design/Section.tsx';
import { useText } from '../language/language.ts';
import { useLive } from '../live/useLive.ts';
import { useMay } from '../shell/viewer.ts';
import { ProposeResponse } from './ProposeResponse.tsx';
import { ResponseTable } from './ResponseTable.tsx';
import {
  ResponseChangesDocument,
  type ResponseOfListFragment,
  ResponsesOfFindingDocument,
} from './responses.generated.ts';
import { type Subject, targetsOf, withResponses } from './rules.ts';
import { SuppressFinding } from './SuppressFinding.tsx';

export interface FindingResponsesProps {
  finding: { id: string; title: string; ruleId: string; subjects: readonly Subject[] };
}

/** What is done about a finding, and what more can be. */
export function FindingResponses({ finding }: FindingResponsesProps) {
  const { responses: text } = useText();
  const may = useMay();
  const [doing, setDoing] = useState<'respond' | 'suppress' | null>(null);
  const stop = () => setDoing(null);
  const targets = targetsOf(finding.subjects);
  return (
    <Section
      title={text.about}
      actions={
        <>
          {may('response:write') && targets.length > 0 && (
            <Button onClick={() => setDoing('respond')}>{text.respond}</Button>
          )}
          {may('suppression:write') && <Button onClick={() => setDoing('suppress')}>{text.suppress}</Button>}
        </>
      }
    >
      {may('response:read') && <Responses findingId={finding.id} />}
      {doing === 'respond' && <ProposeResponse finding={finding} targets={targets} onClose={stop} />}
      {doing === 'suppress' && <SuppressFinding finding={finding} onClose={stop} />}
    </Section>
  );
}

/** Told as they go on: what arthemiz or a gateway does takes its moment. */
function Responses({ findingId }: { findingId: string }) {
  const { responses: text, waiting } = useText();
  // How fresh it is says the page around it, by the same connection.
  const { state: responses } = useLive({
    present: ResponsesOfFindingDocument,
    asked: { id: findingId },
    changes: ResponseChangesDocument,
    followed: {},
    state: ([page]): readonly ResponseOfListFragment[] => page?.finding?.responses ?? [],
    apply: (known, changed) =>
      withResponses(
        known,
        changed.filter((response) => response.findingId === findingId),
      ),
  });
  if (responses === undefined) return <p className="waiting">{waiting.loading}</p>;
  if (responses.length === 0) return <p className="quiet">{text.nothing}</p>;
  return <ResponseTable caption={text.aboutCaption} responses={responses} />;
}
