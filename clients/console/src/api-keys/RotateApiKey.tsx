import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { RotateApiKeyDocument } from './api-keys.generated.ts';

export interface RotateApiKeyProps {
  apiKey: { id: string; name: string };
  onDone: (secret: string) => void;
  onClose: () => void;
}

export function RotateApiKey({ apiKey: { id, name }, onDone, onClose }: RotateApiKeyProps) {
  const { apiKeys: text } = useText();
  const rotate = useChange(RotateApiKeyDocument);
  const submit = async (values: FormData) => {
    const done = await rotate.make({ input: { id, overlapHours: Number(textOf(values, 'hours')) } });
    if (done?.secret) onDone(done.secret);
  };
  return (
    <Dialog title={text.rotateTitle(name)} onClose={onClose}>
      <Form {...rotate} submit={text.rotate} onSubmit={submit} onCancel={onClose}>
        <TextField
          label={text.overlap}
          name="hours"
          type="number"
          min={0}
          max={168}
          defaultValue={24}
          hint={text.overlapHint}
          required
        />
      </Form>
    </Dialog>
  );
}
