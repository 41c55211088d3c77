import { Link } from 'wouter';
import { Badge } from '../design/Badge.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import { AlertChangesDocument, type AlertOfListFragment, AlertsDocument } from './alerts.generated.ts';
import { toneOf, withAlerts } from './rules.ts';

/** What fires, what may, and what is over. */
export function AlertsPage() {
  const { alerts: text } = useText();
  const view = useLive({
    present: AlertsDocument,
    asked: {},
    changes: AlertChangesDocument,
    followed: {},
    state: ([page]) => withAlerts(page?.alerts?.nodes ?? [], []),
    apply: withAlerts,
  });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <Live view={view}>
        {(alerts) =>
          alerts.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table
              caption={text.caption}
              columns={[text.what, text.state, text.severity, text.started, text.ended, text.quiet]}
            >
              {alerts.map((alert) => (
                <AlertRow key={alert.id} alert={alert} />
              ))}
            </Table>
          )
        }
      </Live>
    </>
  );
}

function AlertRow({ alert }: { alert: AlertOfListFragment }) {
  const { alerts: text } = useText();
  const written = useInstants();
  const { id, summary, state, severity, startedAt, endedAt, acknowledgement, suppression } = alert;
  const quiet = suppression && wordFor(text.suppressions, suppression.kind);
  return (
    <tr>
      <th scope="row">
        <Link href={`/alerts/${id}`}>{summary}</Link>
      </th>
      <td>
        <Badge tone={toneOf(alert)}>{wordFor(text.states, state)}</Badge>
      </td>
      <td>{wordFor(text.severities, severity)}</td>
      <td>{written(startedAt)}</td>
      <td>{endedAt ? written(endedAt) : '–'}</td>
      <td>{[acknowledgement && text.acknowledged, quiet].filter(Boolean).join(', ') || '–'}</td>
    </tr>
  );
}
