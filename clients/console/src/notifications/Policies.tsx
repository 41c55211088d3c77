import { type ReactNode, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { useText } from '../language/language.ts';
import { ConfirmChange } from '../platform/ConfirmChange.tsx';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { AddPolicy } from './AddPolicy.tsx';
import {
  DeleteNotificationPolicyDocument,
  type ListedChannelFragment,
  NotificationPoliciesDocument,
} from './notifications.generated.ts';

const minuteMs = 60_000;

export function Policies({ channels }: { channels: readonly ListedChannelFragment[] }) {
  const { policies: text } = useText().notifications;
  const may = useMay();
  const canChange = may('alert-rule:write');
  const [dialog, setDialog] = useState<ReactNode>(null);
  const close = () => setDialog(null);
  const question = useQuestion(NotificationPoliciesDocument, { variables: {}, of: ['NotificationPolicy'] });
  const nameOf = (id: string) => channels.find((channel) => channel.id === id)?.name ?? id;
  return (
    <Section
      title={text.title}
      lead={text.lead}
      actions={
        canChange && (
          <Button onClick={() => setDialog(<AddPolicy channels={channels} onClose={close} />)}>
            {text.add}
          </Button>
        )
      }
    >
      <Loaded question={question}>
        {({ notificationPolicies: policies }) =>
          !policies || policies.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table
              caption={text.caption}
              columns={[text.name, text.groupBy, text.steps, text.repeat]}
              hasActions={canChange}
            >
              {policies.map(({ id, name, groupBy, steps, repeatEveryMs }) => (
                <tr key={id}>
                  <th scope="row">{name}</th>
                  <td>{groupBy.join(', ') || '–'}</td>
                  <td>
                    <ol>
                      {steps.map(({ afterMs, channelIds }) => (
                        <li key={afterMs}>
                          {text.step(afterMs / minuteMs, channelIds.map(nameOf).join(', '))}
                        </li>
                      ))}
                    </ol>
                  </td>
                  <td>{repeatEveryMs === null ? text.never : text.minutes(repeatEveryMs / minuteMs)}</td>
                  {canChange && (
                    <td>
                      <Button
                        kind="danger"
                        label={`${text.remove}: ${name}`}
                        onClick={() =>
                          setDialog(
                            <ConfirmChange
                              document={DeleteNotificationPolicyDocument}
                              input={{ id }}
                              title={`${text.remove}: ${name}`}
                              lead={text.removeLead}
                              submit={text.remove}
                              says={text.removed(name)}
                              of={['NotificationPolicy', 'AlertRule']}
                              onClose={close}
                            />,
                          )
                        }
                      >
                        {text.remove}
                      </Button>
                    </td>
                  )}
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {dialog}
    </Section>
  );
}
