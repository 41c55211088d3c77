import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import type { ServiceClientOfList } from './ServiceClientRow.tsx';
import { RotateServiceClientSecretDocument } from './service-clients.generated.ts';

export interface RotateSecretProps {
  client: ServiceClientOfList;
  onSecret: (given: { clientId: string; secret: string }) => void;
  onClose: () => void;
}

export function RotateSecret({ client, onSecret, onClose }: RotateSecretProps) {
  const { apiKeys, serviceClients: text } = useText();
  const { id, name, keyIds } = client;
  const form = useChangeForm(RotateServiceClientSecretDocument, {
    input: (values) => ({ id, overlapHours: Number(textOf(values, 'hours')) }),
    onDone: ({ secret }) => secret && onSecret({ clientId: id, secret }),
  });
  return (
    <Dialog title={apiKeys.rotateTitle(name)} onClose={onClose}>
      <Form {...form} submit={text.actions.rotate} onCancel={onClose}>
        {keyIds.length > 0 ? (
          <p>{text.insteadOfKeys}</p>
        ) : (
          <TextField
            label={apiKeys.overlap}
            name="hours"
            type="number"
            min={0}
            max={168}
            defaultValue={24}
            hint={apiKeys.overlapHint}
            required
          />
        )}
      </Form>
    </Dialog>
  );
}
