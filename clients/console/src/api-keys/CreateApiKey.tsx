import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { choicesOf, Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { PermissionChoices } from '../roles/PermissionChoices.tsx';
import { useMay } from '../shell/viewer.ts';
import { CreateApiKeyDocument } from './api-keys.generated.ts';

export interface CreateApiKeyProps {
  /** Permissions that are ticked at first, of those that the person may give. */
  suggested?: readonly string[];
  onDone: (secret: string) => void;
  onClose: () => void;
}

export function CreateApiKey({ suggested = [], onDone, onClose }: CreateApiKeyProps) {
  const { apiKeys: text } = useText();
  const may = useMay();
  const form = useChangeForm(CreateApiKeyDocument, {
    input: (values) => ({
      name: textOf(values, 'name'),
      permissions: choicesOf(values, 'permission'),
      expiresInDays: Number(textOf(values, 'days')),
    }),
    onDone: ({ secret }) => secret && onDone(secret),
  });
  return (
    <Dialog title={text.create} onClose={onClose}>
      <Form {...form} submit={text.create} onCancel={onClose}>
        <TextField label={text.name} name="name" maxLength={100} required />
        <TextField
          label={text.days}
          name="days"
          type="number"
          min={1}
          max={365}
          defaultValue={90}
          hint={text.daysHint}
          required
        />
        <PermissionChoices legend={text.mayDo} chosen={suggested.filter(may)} />
      </Form>
    </Dialog>
  );
}
