import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Section } from '../design/Section.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { SessionTable } from './SessionTable.tsx';
import { EndPersonSessionsDocument, PersonSessionsDocument } from './sessions.generated.ts';

interface PersonOfSessions {
  id: string;
  name: string;
}

/** Where a member is signed in, to end it with `session:end`. */
export function PersonSessions({ person }: { person: PersonOfSessions }) {
  const { sessions: text } = useText();
  const may = useMay();
  const [isEnding, setIsEnding] = useState(false);
  const question = useQuestion(PersonSessionsDocument, {
    variables: { personId: person.id },
    of: ['Session'],
  });
  const sessions = question.data?.person?.sessions ?? [];
  return (
    <Section
      title={text.theirs}
      lead={text.theirsLead}
      actions={
        may('session:end') &&
        sessions.length > 0 && (
          <Button kind="danger" onClick={() => setIsEnding(true)}>
            {text.endAll}
          </Button>
        )
      }
    >
      <Loaded question={question}>
        {() => <SessionTable sessions={sessions} mayEnd={may('session:end')} />}
      </Loaded>
      {isEnding && <EndPersonSessions person={person} onClose={() => setIsEnding(false)} />}
    </Section>
  );
}

function EndPersonSessions({ person, onClose }: { person: PersonOfSessions; onClose: () => void }) {
  const { sessions: text } = useText();
  const form = useChangeForm(EndPersonSessionsDocument, {
    input: () => ({ personId: person.id }),
    says: ({ sessionIds }) => text.endedAll(sessionIds.length),
    onDone: onClose,
    of: ['Session'],
  });
  return (
    <Confirm
      {...form}
      title={text.endAllTitle(person.name)}
      lead={text.endAllLead}
      submit={text.endAll}
      onClose={onClose}
    />
  );
}
