import { useState } from 'react';
import { announce } from '../design/announce.ts';
import { Button } from '../design/Button.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Section } from '../design/Section.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { useQuestion } from '../platform/question.ts';
import { SessionTable } from './SessionTable.tsx';
import { EndOtherSessionsDocument, OwnSessionsDocument } from './sessions.generated.ts';

/** Where the person is signed in themselves, to end what they don't know or need no more. */
export function OwnSessions() {
  const { sessions: text } = useText();
  const [isEnding, setIsEnding] = useState(false);
  const question = useQuestion(OwnSessionsDocument, { variables: {}, of: ['Session'] });
  const sessions = question.data?.viewer?.sessions ?? [];
  return (
    <Section
      title={text.own}
      lead={text.ownLead}
      actions={
        sessions.length > 1 && (
          <Button kind="danger" onClick={() => setIsEnding(true)}>
            {text.endOthers}
          </Button>
        )
      }
    >
      <Loaded question={question}>{() => <SessionTable sessions={sessions} mayEnd />}</Loaded>
      {isEnding && <EndOtherSessions onClose={() => setIsEnding(false)} />}
    </Section>
  );
}

function EndOtherSessions({ onClose }: { onClose: () => void }) {
  const { sessions: text } = useText();
  const { make, ...state } = useChange(EndOtherSessionsDocument, { of: ['Session'] });
  const confirm = async () => {
    const done = await make({});
    if (done === null) return;
    announce(text.endedAll(done.sessionIds.length));
    onClose();
  };
  return (
    <Confirm
      {...state}
      title={text.endOthersTitle}
      lead={text.endOthersLead}
      submit={text.endOthers}
      onSubmit={confirm}
      onClose={onClose}
    />
  );
}
