import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { choicesOf, Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { PermissionChoices } from '../roles/PermissionChoices.tsx';
import { CreateApiKeyDocument } from './api-keys.generated.ts';

export interface CreateApiKeyProps {
  onDone: (secret: string) => void;
  onClose: () => void;
}

export function CreateApiKey({ onDone, onClose }: CreateApiKeyProps) {
  const { apiKeys: text } = useText();
  const create = useChange(CreateApiKeyDocument);
  const submit = async (values: FormData) => {
    const input = {
      name: textOf(values, 'name'),
      permissions: choicesOf(values, 'permission'),
      expiresInDays: Number(textOf(values, 'days')),
    };
    const done = await create.make({ input });
    if (done?.secret) onDone(done.secret);
  };
  return (
    <Dialog title={text.create} onClose={onClose}>
      <Form {...create} submit={text.create} onSubmit={submit} onCancel={onClose}>
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
        <PermissionChoices legend={text.mayDo} />
      </Form>
    </Dialog>
  );
}
