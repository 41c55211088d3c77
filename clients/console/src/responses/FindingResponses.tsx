import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Section } from '../design/Section.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { ProposeResponse } from './ProposeResponse.tsx';
import { ResponseTable } from './ResponseTable.tsx';
import { ResponsesOfFindingDocument } from './responses.generated.ts';
import { type Subject, targetsOf } from './rules.ts';
import { SuppressFinding } from './SuppressFinding.tsx';

export interface FindingResponsesProps {
  finding: { id: string; title: string; ruleId: string; subjects: readonly Subject[] };
}

/** What is done about a finding, and what more can be. */
export function FindingResponses({ finding }: FindingResponsesProps) {
  const { responses: text } = useText();
  const may = useMay();
  const [doing, setDoing] = useState<'respond' | 'suppress' | null>(null);
  const question = useQuestion(ResponsesOfFindingDocument, {
    variables: { id: finding.id },
    of: ['Response'],
    isAsked: may('response:read'),
  });
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
      {may('response:read') && (
        <Loaded question={question}>
          {({ finding: known }) =>
            (known?.responses ?? []).length === 0 ? (
              <p className="quiet">{text.nothing}</p>
            ) : (
              <ResponseTable caption={text.aboutCaption} responses={known?.responses ?? []} />
            )
          }
        </Loaded>
      )}
      {doing === 'respond' && <ProposeResponse finding={finding} targets={targets} onClose={stop} />}
      {doing === 'suppress' && <SuppressFinding finding={finding} onClose={stop} />}
    </Section>
  );
}
