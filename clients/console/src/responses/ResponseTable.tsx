import { announce } from '../design/announce.ts';
import { Badge, type Tone } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { Refusals } from '../design/Refusals.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useChange } from '../platform/change.ts';
import { useMay, useViewer } from '../shell/viewer.ts';
import {
  ApproveResponseDocument,
  RejectResponseDocument,
  type ResponseOfListFragment,
  UndoResponseDocument,
} from './responses.generated.ts';

export interface ResponseTableProps {
  caption: string;
  responses: readonly ResponseOfListFragment[];
}

/** Responses with what may be decided about each. */
export function ResponseTable({ caption, responses }: ResponseTableProps) {
  const { responses: text } = useText();
  const columns = [text.target, text.kind, text.status, text.reason, text.endsAt, text.changedAt];
  return (
    <Table caption={caption} columns={columns} hasActions>
      {responses.map((response) => (
        <ResponseRow key={response.id} response={response} />
      ))}
    </Table>
  );
}

const tones: Partial<Record<ResponseOfListFragment['status'], Tone>> = {
  PROPOSED: 'warn',
  APPLIED: 'good',
  FAILED: 'bad',
};

function ResponseRow({ response }: { response: ResponseOfListFragment }) {
  const { responses: text } = useText();
  const written = useInstants();
  const { kind, target, status, reason, endsAt, changedAt, log } = response;
  const note = log.at(-1)?.note;
  return (
    <tr>
      <th scope="row">{target}</th>
      <td>{wordFor(text.kinds, kind)}</td>
      <td>
        <Badge tone={tones[status] ?? 'neutral'}>{wordFor(text.statuses, status)}</Badge>
        {note && <small className="quiet"> {note}</small>}
      </td>
      <td>{reason}</td>
      <td>{endsAt ? written(endsAt) : '–'}</td>
      <td>{written(changedAt)}</td>
      <td>
        <Decisions response={response} />
      </td>
    </tr>
  );
}

function Decisions({ response }: { response: ResponseOfListFragment }) {
  const { responses: text } = useText();
  const may = useMay();
  const viewer = useViewer();
  const approval = useChange(ApproveResponseDocument, { of: ['Response'] });
  const rejection = useChange(RejectResponseDocument, { of: ['Response'] });
  const undoing = useChange(UndoResponseDocument, { of: ['Response', 'AllowListEntry'] });
  if (!may('response:approve')) return null;
  const { id, status, kind, target, proposedBy } = response;
  const isRunning = approval.isRunning || rejection.isRunning || undoing.isRunning;
  const input = { id, note: null };
  const approve = async () => {
    const done = await approval.make({ input });
    if (done?.response) announce(text.became(wordFor(text.statuses, done.response.status)));
  };
  const reject = async () => {
    if ((await rejection.make({ input })) !== null) announce(text.became(text.statuses.REJECTED));
  };
  const undo = async () => {
    if ((await undoing.make({ input })) !== null) announce(text.became(text.statuses.UNDONE));
  };
  return (
    <div className="actions">
      {status === 'PROPOSED' && proposedBy?.id !== viewer.id && (
        <Button
          kind="primary"
          label={`${text.approve}: ${target}`}
          disabled={isRunning}
          onClick={() => void approve()}
        >
          {text.approve}
        </Button>
      )}
      {status === 'PROPOSED' && (
        <Button label={`${text.reject}: ${target}`} disabled={isRunning} onClick={() => void reject()}>
          {text.reject}
        </Button>
      )}
      {status === 'APPLIED' && kind !== 'END_SESSIONS' && (
        <Button label={`${text.undo}: ${target}`} disabled={isRunning} onClick={() => void undo()}>
          {text.undo}
        </Button>
      )}
      <Refusals refusals={[...approval.refusals, ...rejection.refusals, ...undoing.refusals]} />
    </div>
  );
}
