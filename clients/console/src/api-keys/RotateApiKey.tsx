import { Dialog } from '../design/Dialog.tsx';
import { Form } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RotateApiKeyDocument } from './api-keys.generated.ts';
import { OverlapField, overlapHoursOf } from './OverlapField.tsx';

export interface RotateApiKeyProps {
  apiKey: { id: string; name: string };
  onDone: (secret: string) => void;
  onClose: () => void;
}

export function RotateApiKey({ apiKey: { id, name }, onDone, onClose }: RotateApiKeyProps) {
  const { apiKeys: text } = useText();
  const form = useChangeForm(RotateApiKeyDocument, {
    input: (values) => ({ id, overlapHours: overlapHoursOf(values) }),
    onDone: ({ secret }) => secret && onDone(secret),
  });
  return (
    <Dialog title={text.rotateTitle(name)} onClose={onClose}>
      <Form {...form} submit={text.rotate} onCancel={onClose}>
        <OverlapField />
      </Form>
    </Dialog>
  );
}
