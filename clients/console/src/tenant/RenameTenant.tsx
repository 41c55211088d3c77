import { TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RenameTenantDocument } from './tenant.generated.ts';

export function RenameTenant({ name }: { name: string }) {
  const { tenant: text } = useText();
  const form = useChangeForm(RenameTenantDocument, {
    input: (values) => ({ name: textOf(values, 'name') }),
    says: (_done, { name }) => text.renamed(name),
  });
  return (
    <section className="panel">
      <Form {...form} submit={text.rename}>
        <TextField label={text.name} name="name" defaultValue={name} maxLength={100} required />
      </Form>
    </section>
  );
}
