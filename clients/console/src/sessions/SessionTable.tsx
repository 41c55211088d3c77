import { useState } from 'react';
import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { EndSession } from './EndSession.tsx';
import type { OwnSessionsQuery } from './sessions.generated.ts';

type Session = NonNullable<NonNullable<OwnSessionsQuery['viewer']>['sessions']>[number];

export interface SessionTableProps {
  sessions: readonly Session[];
  mayEnd: boolean;
}

/** The session that asks ends by signing out, so it is only named. */
export function SessionTable({ sessions, mayEnd }: SessionTableProps) {
  const { sessions: text } = useText();
  const [ending, setEnding] = useState<Session | null>(null);
  if (sessions.length === 0) return <EmptyState>{text.none}</EmptyState>;
  return (
    <>
      <Table
        caption={text.caption}
        columns={[text.place, text.programs, text.network, text.signedIn, text.lastUsed]}
        hasActions={mayEnd}
      >
        {sessions.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            onEnd={mayEnd ? () => setEnding(session) : undefined}
          />
        ))}
      </Table>
      {ending && <EndSession session={ending} onClose={() => setEnding(null)} />}
    </>
  );
}

function SessionRow({ session, onEnd }: { session: Session; onEnd?: () => void }) {
  const { sessions: text } = useText();
  const written = useInstants();
  const { isCurrent, programs, network, signedInAt, lastUsedAt } = session;
  const place = session.browser ?? text.unknownPlace;
  return (
    <tr>
      <th scope="row">{place}</th>
      <td>{programs.join(', ') || '–'}</td>
      <td>{network ?? '–'}</td>
      <td>{written(signedInAt)}</td>
      <td>{written(lastUsedAt)}</td>
      {onEnd && (
        <td>
          {isCurrent ? (
            <Badge tone="good">{text.current}</Badge>
          ) : (
            <Button kind="danger" label={text.endOf(place, written(signedInAt))} onClick={onEnd}>
              {text.end}
            </Button>
          )}
        </td>
      )}
    </tr>
  );
}
