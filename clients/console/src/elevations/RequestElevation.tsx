import { Dialog } from '../design/Dialog.tsx';
import { SelectField, TextArea, TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useQuestion } from '../platform/question.ts';
import { RoleChoicesDocument } from '../roles/role-choices.generated.ts';
import { RequestElevationDocument } from './elevations.generated.ts';

export function RequestElevation({ onClose }: { onClose: () => void }) {
  const { elevations: text } = useText();
  const question = useQuestion(RoleChoicesDocument, { variables: {}, of: ['Role'] });
  const roles = question.data?.roles ?? [];
  const form = useChangeForm(RequestElevationDocument, {
    input: (values) => ({
      roleId: textOf(values, 'role'),
      minutes: Number(textOf(values, 'minutes')),
      reason: textOf(values, 'reason'),
    }),
    says: (_done, { roleId }) => text.requested(roles.find(({ id }) => id === roleId)?.name ?? roleId),
    onDone: onClose,
  });
  return (
    <Dialog title={text.request} onClose={onClose}>
      <Form {...form} submit={text.send} onCancel={onClose}>
        <Loaded question={question}>
          {() => (
            <SelectField
              label={text.role}
              name="role"
              options={roles.map(({ id, name }) => ({ value: id, label: name }))}
              required
            />
          )}
        </Loaded>
        <TextField
          label={text.minutes}
          name="minutes"
          type="number"
          min={5}
          max={480}
          defaultValue={60}
          hint={text.minutesHint}
          required
        />
        <TextArea label={text.reason} name="reason" maxLength={500} hint={text.reasonHint} required />
      </Form>
    </Dialog>
  );
}
