import { useState } from 'react';
import { Dialog } from '../design/Dialog.tsx';
import { SelectField, TextField } from '../design/Field.tsx';
import { choicesOf, Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RoleChoices } from '../roles/RoleChoices.tsx';
import { useMay } from '../shell/viewer.ts';
import { PublicKeysField } from './PublicKeysField.tsx';
import { keysIn } from './rules.ts';
import { CreateServiceClientDocument } from './service-clients.generated.ts';

export interface CreateServiceClientProps {
  /** For a client that proves itself by a secret. */
  onSecret: (given: { clientId: string; secret: string }) => void;
  onClose: () => void;
}

export function CreateServiceClient({ onSecret, onClose }: CreateServiceClientProps) {
  const { serviceClients: text } = useText();
  const may = useMay();
  const [proof, setProof] = useState('secret');
  const form = useChangeForm(CreateServiceClientDocument, {
    input: (values) => ({
      name: textOf(values, 'name'),
      roleIds: choicesOf(values, 'role'),
      publicKeys: proof === 'keys' ? keysIn(textOf(values, 'keys')).keys : undefined,
    }),
    says: (_done, { name }) => text.created(name),
    onDone: ({ serviceClient, secret }) =>
      serviceClient && secret ? onSecret({ clientId: serviceClient.id, secret }) : onClose(),
  });
  return (
    <Dialog title={text.create} onClose={onClose}>
      <Form {...form} submit={text.create} onCancel={onClose}>
        <TextField label={text.name} name="name" maxLength={100} required />
        {may('role:read') && <RoleChoices legend={text.roles} />}
        <SelectField
          label={text.proof}
          name="proof"
          options={[
            { value: 'secret', label: text.bySecret },
            { value: 'keys', label: text.byKeys },
          ]}
          onChange={setProof}
        />
        {proof === 'keys' && <PublicKeysField />}
      </Form>
    </Dialog>
  );
}
