import { PageHeader } from '../design/PageHeader.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { Channels } from './Channels.tsx';
import { DeliveryLog } from './DeliveryLog.tsx';
import { NotificationChannelsDocument } from './notifications.generated.ts';
import { Policies } from './Policies.tsx';

/** Whom alerts are told to. */
export function NotificationsPage() {
  const { notifications: text } = useText();
  const may = useMay();
  const channels = useQuestion(NotificationChannelsDocument, {
    variables: {},
    of: ['NotificationChannel'],
    isAsked: may('notification-channel:read'),
  });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {may('notification-channel:read') && <Channels question={channels} />}
      {may('notification-policy:read') && <Policies channels={channels.data?.notificationChannels ?? []} />}
      {may('notification:read') && <DeliveryLog />}
    </>
  );
}
