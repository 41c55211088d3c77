import { useState } from 'react';
import { Dialog } from '../design/Dialog.tsx';
import { SelectField, TextArea, TextField } from '../design/Field.tsx';
import { Form, linesOf, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import {
  CreateNotificationChannelDocument,
  type ListedChannelFragment,
  type NotificationChannelKind,
  UpdateNotificationChannelDocument,
} from './notifications.generated.ts';

export interface AddChannelProps {
  /** What a webhook's requests are signed with. */
  onSecret: (secret: string | null) => void;
  onClose: () => void;
}

export function AddChannel({ onSecret, onClose }: AddChannelProps) {
  const { channels: text } = useText().notifications;
  const [kind, setKind] = useState<NotificationChannelKind>('EMAIL');
  const form = useChangeForm(CreateNotificationChannelDocument, {
    input: (values) => ({
      name: textOf(values, 'name'),
      kind,
      emails: kind === 'EMAIL' ? linesOf(values, 'emails') : null,
      url: kind === 'EMAIL' ? null : textOf(values, 'url'),
      isDefault: values.has('isDefault'),
    }),
    says: (_done, { name }) => text.added(name),
    onDone: ({ secret }) => {
      onClose();
      onSecret(secret);
    },
    of: ['NotificationChannel'],
  });
  return (
    <Dialog title={text.add} onClose={onClose}>
      <Form {...form} submit={text.add} onCancel={onClose}>
        <TextField label={text.name} name="name" required maxLength={100} />
        <SelectField
          label={text.kind}
          name="kind"
          options={Object.entries(text.kinds).map(([value, label]) => ({ value, label }))}
          onChange={(value) => setKind(value as NotificationChannelKind)} // of the options
        />
        {kind === 'EMAIL' ? (
          <TextArea label={text.emails} name="emails" required />
        ) : (
          <TextField label={text.url} name="url" type="url" required hint={text.urlHint} />
        )}
        <IsDefault isDefault />
      </Form>
    </Dialog>
  );
}

export function ChangeChannel({
  channel: { id, name, kind, target, isDefault },
  onClose,
}: {
  channel: ListedChannelFragment;
  onClose: () => void;
}) {
  const { channels: text } = useText().notifications;
  const form = useChangeForm(UpdateNotificationChannelDocument, {
    input: (values) => ({
      id,
      name: textOf(values, 'name'),
      ...(kind === 'EMAIL' ? { emails: linesOf(values, 'emails') } : {}),
      ...(textOf(values, 'url') === '' ? {} : { url: textOf(values, 'url') }),
      isDefault: values.has('isDefault'),
    }),
    says: () => text.changed,
    onDone: onClose,
    of: ['NotificationChannel'],
  });
  return (
    <Dialog title={`${text.change}: ${name}`} onClose={onClose}>
      <Form {...form} submit={text.change} onCancel={onClose}>
        <TextField label={text.name} name="name" required maxLength={100} defaultValue={name} />
        {kind === 'EMAIL' ? (
          <TextArea
            label={text.emails}
            name="emails"
            required
            defaultValue={target.split(/,\s*/).join('\n')}
          />
        ) : (
          <TextField label={text.url} name="url" type="url" hint={text.keepUrl} />
        )}
        <IsDefault isDefault={isDefault} />
      </Form>
    </Dialog>
  );
}

function IsDefault({ isDefault }: { isDefault: boolean }) {
  const { channels: text } = useText().notifications;
  return (
    <label className="choice">
      <input type="checkbox" name="isDefault" defaultChecked={isDefault} />
      <span>{text.isDefaultHint}</span>
    </label>
  );
}
