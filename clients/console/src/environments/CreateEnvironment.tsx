import { useState } from 'react';
import { Dialog } from '../design/Dialog.tsx';
import { SelectField, TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { CreateEnvironmentDocument } from './environments.generated.ts';

export function CreateEnvironment({ onClose }: { onClose: () => void }) {
  const { environments: text } = useText();
  // One key for this dialog: sent again after a lost answer, it makes nothing twice.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const form = useChangeForm(CreateEnvironmentDocument, {
    input: (values) => ({
      name: textOf(values, 'name'),
      kind: textOf(values, 'kind') === 'SANDBOX' ? ('SANDBOX' as const) : ('STAGING' as const),
      idempotencyKey,
    }),
    says: (_done, { name }) => text.created(name),
    onDone: onClose,
    of: ['Tenant'],
  });
  return (
    <Dialog title={text.create} onClose={onClose}>
      <Form {...form} submit={text.create} onCancel={onClose}>
        <TextField
          label={text.name}
          name="name"
          pattern="[a-z0-9]([a-z0-9\-]*[a-z0-9])?"
          maxLength={20}
          hint={text.nameHint}
          required
        />
        <SelectField
          label={text.kind}
          name="kind"
          options={[
            { value: 'STAGING', label: text.kinds.STAGING },
            { value: 'SANDBOX', label: text.kinds.SANDBOX },
          ]}
        />
      </Form>
    </Dialog>
  );
}
