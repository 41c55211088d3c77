import { useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { CreateServiceDocument } from './overview.generated.ts';

/** Leads to the new service's page, where its checks are added. */
export function AddService() {
  const { health: text } = useText();
  const [, navigate] = useLocation();
  const [isOpen, setOpen] = useState(false);
  const form = useChangeForm(CreateServiceDocument, {
    input: (values) => ({ name: textOf(values, 'name') }),
    says: (_done, { name }) => text.isServiceAdded(name),
    onDone: ({ service }) => service && navigate(`/services/${service.id}`),
    of: ['Service'],
  });
  return (
    <>
      <Button kind="primary" onClick={() => setOpen(true)}>
        {text.addService}
      </Button>
      {isOpen && (
        <Dialog title={text.addService} onClose={() => setOpen(false)}>
          <Form {...form} submit={text.addService} onCancel={() => setOpen(false)}>
            <TextField label={text.serviceName} name="name" required maxLength={100} />
          </Form>
        </Dialog>
      )}
    </>
  );
}
