import { Dialog } from '../design/Dialog.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { PublicKeysField } from './PublicKeysField.tsx';
import { keysIn } from './rules.ts';
import type { ServiceClientOfList } from './ServiceClientRow.tsx';
import { SetServiceClientKeysDocument } from './service-clients.generated.ts';

export interface SetKeysProps {
  client: ServiceClientOfList;
  onClose: () => void;
}

export function SetKeys({ client: { id, name }, onClose }: SetKeysProps) {
  const text = useText();
  const form = useChangeForm(SetServiceClientKeysDocument, {
    input: (values) => ({ id, publicKeys: keysIn(textOf(values, 'keys')).keys ?? [] }),
    says: () => text.serviceClients.keysSaved(name),
    onDone: onClose,
  });
  return (
    <Dialog title={`${text.serviceClients.actions.keys}: ${name}`} onClose={onClose}>
      <Form {...form} submit={text.form.save} onCancel={onClose}>
        <p>{text.serviceClients.keysLead}</p>
        <PublicKeysField />
      </Form>
    </Dialog>
  );
}
