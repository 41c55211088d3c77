import { Choices } from '../design/Choices.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { TextArea, TextField } from '../design/Field.tsx';
import { choicesOf, Form, linesOf, numberOf, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { CreateNotificationPolicyDocument, type ListedChannelFragment } from './notifications.generated.ts';

const minuteMs = 60_000;

export interface AddPolicyProps {
  channels: readonly ListedChannelFragment[];
  onClose: () => void;
}

/** Two steps, which is what nearly everybody has; programs may write more. */
export function AddPolicy({ channels, onClose }: AddPolicyProps) {
  const { policies: text } = useText().notifications;
  const form = useChangeForm(CreateNotificationPolicyDocument, {
    input: (values) => {
      const repeatMinutes = numberOf(values, 'repeat');
      const second = choicesOf(values, 'second');
      return {
        name: textOf(values, 'name'),
        groupBy: textOf(values, 'groupBy') === '' ? null : linesOf(values, 'groupBy'),
        repeatEveryMs: repeatMinutes === null ? null : repeatMinutes * minuteMs,
        steps: [
          { afterMs: 0, channelIds: choicesOf(values, 'first') },
          ...(second.length === 0
            ? []
            : [{ afterMs: (numberOf(values, 'after') ?? 0) * minuteMs, channelIds: second }]),
        ],
      };
    },
    says: (_done, { name }) => text.added(name),
    onDone: onClose,
    of: ['NotificationPolicy'],
  });
  const choices = channels.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Dialog title={text.add} onClose={onClose}>
      <Form {...form} submit={text.add} onCancel={onClose}>
        <TextField label={text.name} name="name" required maxLength={100} />
        <TextArea label={text.groupBy} name="groupBy" hint={text.groupByHint} rows={2} />
        <Choices legend={text.first} name="first" choices={choices} none={text.noChannel} />
        <Choices legend={text.second} name="second" choices={choices} none={text.noChannel} />
        <TextField
          label={text.afterMinutes}
          name="after"
          type="number"
          min={1}
          max={1_440}
          defaultValue={15}
        />
        <TextField
          label={text.repeatMinutes}
          name="repeat"
          type="number"
          min={1}
          max={10_080}
          hint={text.repeatHint}
        />
      </Form>
    </Dialog>
  );
}
