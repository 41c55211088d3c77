import { useState } from 'react';
import { useLocation } from 'wouter';
import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RegionField } from './RegionField.tsx';
import { CreateTenantDocument } from './tenants.generated.ts';

/** Creates a tenant and goes to watch how it gets what it needs. */
export function CreateTenant({ onClose }: { onClose: () => void }) {
  const { tenants: text, operations } = useText();
  const [, goTo] = useLocation();
  // One key for this dialog: sent again after a lost answer, it creates nothing twice.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const form = useChangeForm(CreateTenantDocument, {
    input: (values) => ({
      name: textOf(values, 'name'),
      slug: textOf(values, 'slug'),
      ownerEmail: textOf(values, 'ownerEmail') || null,
      region: textOf(values, 'region') || null,
      idempotencyKey,
    }),
    says: (_done, { name }) => text.createdNow(name),
    onDone: ({ tenant }) => tenant && goTo(`/tenants/${tenant.id}`),
  });
  return (
    <Dialog title={text.create} onClose={onClose}>
      <Form {...form} submit={text.create} onCancel={onClose}>
        <TextField label={text.name} name="name" maxLength={100} required />
        <TextField
          label={text.slug}
          name="slug"
          pattern="[a-z][a-z0-9-]*[a-z0-9]"
          maxLength={40}
          hint={text.slugHint}
          required
        />
        <TextField
          label={text.ownerEmail}
          name="ownerEmail"
          type="email"
          hint={text.ownerHint}
          maxLength={254}
        />
        <RegionField label={operations.region} hint={operations.regionHint} />
      </Form>
    </Dialog>
  );
}
