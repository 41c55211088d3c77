import { useState } from 'react';
import { announce } from '../design/announce.ts';
import { Button } from '../design/Button.tsx';
import { Refusals } from '../design/Refusals.tsx';
import { useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useChange } from '../platform/change.ts';
import { useMay, useViewer } from '../shell/viewer.ts';
import {
  AssignFindingDocument,
  ChangeFindingStatusDocument,
  type FindingInFullFragment,
  ReplayFindingDocument,
} from './finding.generated.ts';
import type { FindingStatus } from './findings.generated.ts';
import { nextStatuses } from './rules.ts';

/** What can be done about a finding: taking it, and saying how far it is. */
export function Triage({ finding: { id, status, assignee } }: { finding: FindingInFullFragment }) {
  const { findings: text } = useText();
  const may = useMay();
  const viewer = useViewer();
  const [replayed, setReplayed] = useState<string | null>(null);
  const progress = useChange(ChangeFindingStatusDocument);
  const assignment = useChange(AssignFindingDocument);
  const replay = useChange(ReplayFindingDocument);
  if (!may('finding:write')) return null;
  const isMine = assignee?.id === viewer.id;
  const assign = async () => {
    const done = await assignment.make({ input: { id, personId: isMine ? null : viewer.id } });
    if (done !== null) announce(isMine ? text.left : text.taken);
  };
  const become = async (wanted: FindingStatus) => {
    if ((await progress.make({ input: { id, status: wanted } })) !== null)
      announce(text.became(wordFor(text.statuses, wanted)));
  };
  const evaluateAgain = async () => {
    const done = await replay.make({ input: { id } });
    if (done?.outcome) setReplayed(text.replayed(text.outcomes[done.outcome], done));
  };
  return (
    <div className="form">
      <div className="actions">
        <Button kind="primary" disabled={assignment.isRunning} onClick={() => void assign()}>
          {isMine ? text.leave : text.take}
        </Button>
        {nextStatuses[status].map((wanted) => (
          <Button key={wanted} disabled={progress.isRunning} onClick={() => void become(wanted)}>
            {wordFor(text.steps, wanted)}
          </Button>
        ))}
        <Button disabled={replay.isRunning} onClick={() => void evaluateAgain()}>
          {text.replay}
        </Button>
      </div>
      {/* Stays: it is to be read, and told on. */}
      <p role="status">{replayed}</p>
      <Refusals refusals={[...progress.refusals, ...assignment.refusals, ...replay.refusals]} />
    </div>
  );
}
