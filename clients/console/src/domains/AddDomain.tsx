import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import type { DomainOfList } from './DomainsPage.tsx';
import { AddDomainDocument } from './domains.generated.ts';

export interface AddDomainProps {
  /** With the record that proves it. */
  onDone: (domain: DomainOfList) => void;
  onClose: () => void;
}

export function AddDomain({ onDone, onClose }: AddDomainProps) {
  const { domains: text } = useText();
  const form = useChangeForm(AddDomainDocument, {
    input: (values) => ({ name: textOf(values, 'name') }),
    says: (_done, { name }) => text.added(name),
    onDone: ({ domain }) => domain && onDone(domain),
  });
  return (
    <Dialog title={text.add} onClose={onClose}>
      <Form {...form} submit={text.add} onCancel={onClose}>
        <TextField label={text.name} name="name" hint={text.nameHint} maxLength={253} required />
      </Form>
    </Dialog>
  );
}
