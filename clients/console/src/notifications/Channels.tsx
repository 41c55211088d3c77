import { type ReactNode, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Secret } from '../design/Secret.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { ConfirmChange } from '../platform/ConfirmChange.tsx';
import type { Question } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { AddChannel, ChangeChannel } from './ChannelForms.tsx';
import {
  DeleteNotificationChannelDocument,
  type ListedChannelFragment,
  type NotificationChannelsQuery,
  RotateNotificationChannelSecretDocument,
  TestNotificationChannelDocument,
} from './notifications.generated.ts';

export function Channels({ question }: { question: Question<NotificationChannelsQuery> }) {
  const { channels: text } = useText().notifications;
  const may = useMay();
  const canChange = may('notification-channel:write');
  const [dialog, setDialog] = useState<ReactNode>(null);
  const close = () => setDialog(null);
  const showSecret = (secret: string | null) =>
    setDialog(secret && <Secret secret={secret} use={text.secretUse} onClose={close} />);
  return (
    <Section
      title={text.title}
      lead={text.lead}
      actions={
        canChange && (
          <Button
            kind="primary"
            onClick={() => setDialog(<AddChannel onSecret={showSecret} onClose={close} />)}
          >
            {text.add}
          </Button>
        )
      }
    >
      <Loaded question={question}>
        {({ notificationChannels: channels }) =>
          !channels || channels.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table
              caption={text.caption}
              columns={[text.name, text.kind, text.target, text.isDefault]}
              hasActions={canChange}
            >
              {channels.map((channel) => (
                <tr key={channel.id}>
                  <th scope="row">{channel.name}</th>
                  <td>{wordFor(text.kinds, channel.kind)}</td>
                  <td>{channel.target}</td>
                  <td>{channel.isDefault ? text.yes : text.no}</td>
                  {canChange && (
                    <td>
                      <ChannelActions
                        channel={channel}
                        onDialog={setDialog}
                        onSecret={showSecret}
                        onClose={close}
                      />
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

interface ChannelActionsProps {
  channel: ListedChannelFragment;
  onDialog: (dialog: ReactNode) => void;
  onSecret: (secret: string | null) => void;
  onClose: () => void;
}

function ChannelActions({ channel, onDialog, onSecret, onClose }: ChannelActionsProps) {
  const { channels: text } = useText().notifications;
  const { id, name, kind } = channel;
  const shared = { input: { id }, onClose };
  return (
    <div className="actions">
      <Button
        label={`${text.test}: ${name}`}
        onClick={() =>
          onDialog(
            <ConfirmChange
              {...shared}
              document={TestNotificationChannelDocument}
              title={`${text.test}: ${name}`}
              lead={channel.target}
              submit={text.test}
              kind="primary"
              says={text.tested}
              of={['Notification']}
            />,
          )
        }
      >
        {text.test}
      </Button>
      <Button
        label={`${text.change}: ${name}`}
        onClick={() => onDialog(<ChangeChannel channel={channel} onClose={onClose} />)}
      >
        {text.change}
      </Button>
      {kind === 'WEBHOOK' && (
        <Button
          label={`${text.rotate}: ${name}`}
          onClick={() =>
            onDialog(
              <ConfirmChange
                {...shared}
                document={RotateNotificationChannelSecretDocument}
                title={`${text.rotate}: ${name}`}
                lead={text.rotateLead}
                submit={text.rotate}
                kind="primary"
                says={text.rotated}
                of={['NotificationChannel']}
                onDone={({ secret }) => onSecret(secret)}
              />,
            )
          }
        >
          {text.rotate}
        </Button>
      )}
      <Button
        kind="danger"
        label={`${text.remove}: ${name}`}
        onClick={() =>
          onDialog(
            <ConfirmChange
              {...shared}
              document={DeleteNotificationChannelDocument}
              title={`${text.remove}: ${name}`}
              lead={text.removeLead}
              submit={text.remove}
              says={text.removed(name)}
              of={['NotificationChannel', 'NotificationPolicy']}
            />,
          )
        }
      >
        {text.remove}
      </Button>
    </div>
  );
}
