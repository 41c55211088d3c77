import { OverlapField, overlapHoursOf } from '../api-keys/OverlapField.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { Form } from '../design/Form.tsx';
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
    input: (values) => ({ id, overlapHours: overlapHoursOf(values) }),
    onDone: ({ secret }) => secret && onSecret({ clientId: id, secret }),
  });
  return (
    <Dialog title={apiKeys.rotateTitle(name)} onClose={onClose}>
      <Form {...form} submit={text.actions.rotate} onCancel={onClose}>
        {keyIds.length > 0 ? <p>{text.insteadOfKeys}</p> : <OverlapField />}
      </Form>
    </Dialog>
  );
}
