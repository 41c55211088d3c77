import { useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../design/Button.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useMay, useViewer } from '../shell/viewer.ts';
import { RemovePersonDocument, ResumePersonDocument, SuspendPersonDocument } from './membership.generated.ts';

export interface Member {
  id: string;
  name: string;
  isSuspended: boolean;
}

/** Suspending a member, letting them back, removing them. Nobody does so to themselves. */
export function DecidePerson({ person }: { person: Member }) {
  const { membership: text } = useText();
  const may = useMay();
  const viewer = useViewer();
  const [deciding, setDeciding] = useState<'presence' | 'remove' | null>(null);
  if (person.id === viewer.id) return null;
  const stop = () => setDeciding(null);
  return (
    <>
      {may('person:suspend') && (
        <Button onClick={() => setDeciding('presence')}>
          {person.isSuspended ? text.resume : text.suspend}
        </Button>
      )}
      {may('person:remove') && (
        <Button kind="danger" onClick={() => setDeciding('remove')}>
          {text.remove}
        </Button>
      )}
      {deciding === 'presence' &&
        (person.isSuspended ? (
          <Resume person={person} onClose={stop} />
        ) : (
          <Suspend person={person} onClose={stop} />
        ))}
      {deciding === 'remove' && <Remove person={person} onClose={stop} />}
    </>
  );
}

interface DecisionProps {
  person: Member;
  onClose: () => void;
}

function Suspend({ person: { id, name }, onClose }: DecisionProps) {
  const { membership: text } = useText();
  const form = useChangeForm(SuspendPersonDocument, {
    input: () => ({ personId: id }),
    says: () => text.suspendDone(name),
    onDone: onClose,
  });
  return (
    <Confirm
      {...form}
      title={text.suspendTitle(name)}
      lead={text.suspendLead}
      submit={text.suspend}
      onClose={onClose}
    />
  );
}

function Resume({ person: { id, name }, onClose }: DecisionProps) {
  const { membership: text } = useText();
  const form = useChangeForm(ResumePersonDocument, {
    input: () => ({ personId: id }),
    says: () => text.resumeDone(name),
    onDone: onClose,
  });
  return (
    <Confirm
      {...form}
      title={text.resumeTitle(name)}
      lead={text.resumeLead}
      submit={text.resume}
      kind="primary"
      onClose={onClose}
    />
  );
}

function Remove({ person: { id, name }, onClose }: DecisionProps) {
  const { membership: text } = useText();
  const [, goTo] = useLocation();
  const form = useChangeForm(RemovePersonDocument, {
    input: () => ({ personId: id }),
    says: () => text.removeDone(name),
    onDone: () => goTo('/people'),
    of: ['Person'],
  });
  return (
    <Confirm
      {...form}
      title={text.removeTitle(name)}
      lead={text.removeLead}
      submit={text.remove}
      onClose={onClose}
    />
  );
}
