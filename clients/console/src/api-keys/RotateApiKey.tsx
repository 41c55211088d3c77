import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RotateApiKeyDocument } from './api-keys.generated.ts';

export interface RotateApiKeyProps {
  apiKey: { id: string; name: string };
  onDone: (secret: string) => void;
  onClose: () => void;
}

export function RotateApiKey({ apiKey: { id, name }, onDone, onClose }: RotateApiKeyProps) {
  const { apiKeys: text } = useText();
  const form = useChangeForm(RotateApiKeyDocument, {
    input: (values) => ({ id, overlapHours: Number(textOf(values, 'hours')) }),
    onDone: ({ secret }) => secret && onDone(secret),
  });
  return (
    <Dialog title={text.rotateTitle(name)} onClose={onClose}>
      <Form {...form} submit={text.rotate} onCancel={onClose}>
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
