import { Link } from 'wouter';
import { Badge, type Tone } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Pager, usePages } from '../design/Pager.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useQuestion } from '../platform/question.ts';
import { DeliveryLogDocument, type NotificationState } from './notifications.generated.ts';

const tones: Record<NotificationState, Tone> = {
  QUEUED: 'warn',
  DELIVERED: 'good',
  FAILED: 'bad',
  SUPERSEDED: 'neutral',
};

export function DeliveryLog() {
  const {
    notifications: { log: text },
    alerts,
  } = useText();
  const written = useInstants();
  const pages = usePages();
  const question = useQuestion(DeliveryLogDocument, {
    variables: { after: pages.after },
    of: ['Notification'],
  });
  return (
    <Section
      title={text.title}
      lead={text.lead}
      actions={<Button onClick={question.ask}>{text.again}</Button>}
    >
      <Loaded question={question}>
        {({ notifications }) =>
          !notifications || notifications.nodes.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <>
              <Table
                caption={text.caption}
                columns={[text.at, text.channel, text.what, text.alert, text.state, text.attempts]}
              >
                {notifications.nodes.map(
                  ({ id, kind, state, attempts, error, createdAt, alertId, channel }) => (
                    <tr key={id}>
                      <th scope="row">{written(createdAt)}</th>
                      <td>{channel?.name ?? text.gone}</td>
                      <td>{kind === null ? text.test : wordFor(alerts.transitions, kind)}</td>
                      <td>{alertId ? <Link href={`/alerts/${alertId}`}>{text.alert}</Link> : '–'}</td>
                      <td>
                        <Badge tone={tones[state]}>{text.states[state]}</Badge>{' '}
                        {error && <small className="quiet">{error}</small>}
                      </td>
                      <td>{attempts}</td>
                    </tr>
                  ),
                )}
              </Table>
              <Pager pages={pages} pageInfo={notifications.pageInfo} />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}
